"""Who may sell a fuelling: adapters of `ports.claims.Claims`."""
