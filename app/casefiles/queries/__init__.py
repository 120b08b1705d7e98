"""What a case file and a ledger are made of. Everything goes through the orders and schools that a viewer may see."""
