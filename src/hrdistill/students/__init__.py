"""Students: small models that match, explain, extract and edit."""
