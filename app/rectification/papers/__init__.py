"""The papers of an order's life: what each prints (plain values with an invented example) and how it is made."""
