"""What changes ask of the cube: impacts, movements and figures, integrator by integrator."""
