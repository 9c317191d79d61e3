"""The shift's page: meters against sales, the count of cash, drive-offs, prices. Esc leads back to the forecourt."""
