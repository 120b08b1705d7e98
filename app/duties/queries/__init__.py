"""Reading what schools owe and did."""
