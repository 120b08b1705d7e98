"""Finding findings and orders. Everything a person sees goes through the schools that person may see."""
