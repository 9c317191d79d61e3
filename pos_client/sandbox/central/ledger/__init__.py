"""The points ledger: decides with `domain/programme`, one transaction a decision, appends and never edits."""
