"""What holds for findings, orders, clocks and the steps between them; knows neither the web nor the database."""
