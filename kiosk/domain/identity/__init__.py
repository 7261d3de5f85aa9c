"""Who a patient says to be: card codes and typed numbers to an `Identity`."""
