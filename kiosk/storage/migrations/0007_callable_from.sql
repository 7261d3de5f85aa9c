-- A kiosk that tells of its papers has committed this ticket's number and may not have shown it yet: until `callable_from`
-- nobody is called by it. Null: it may be called (the paper was told of, or whoever asked tells nothing).
ALTER TABLE ticket ADD COLUMN callable_from INTEGER;
