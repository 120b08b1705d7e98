"""What whoever runs the machine needs: start checks, health, doctor, backup. Stands above all features; none imports it."""
