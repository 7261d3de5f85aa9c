"""ESC/POS ticket printers: a document is drawn, encoded, sent, and confirmed by the printer itself."""
