"""Write-side SQL. Every statement says why it is as it is; a constraint's name becomes the refusal it stands for."""
