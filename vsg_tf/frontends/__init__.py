"""Visual front ends: from pictures to the features that networks see."""
