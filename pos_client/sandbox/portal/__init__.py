"""The portal: server-rendered pages over central's ledger for organisations, drivers, individuals and head office."""
