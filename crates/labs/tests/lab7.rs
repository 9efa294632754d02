//! Lab 7 from start to end: rules by hand are the library's, and the optimizers arrive.

mod command;

use command::lab;

#[test]
fn rules_paths_and_schedules_are_what_the_lab_says() {
    let lab = lab("7");
    for rule in ["momentum", "RMSprop", "Adam"] {
        lab.printed(&format!("✓ {rule} by hand is the library's, to a millionth"));
    }
    for valley in ["Rosenbrock", "Beale", "Himmelblau"] {
        lab.printed(&format!("✓ Adam comes within 0.05 of a minimum of {valley}"));
    }
    lab.printed("✓ each of the nine that take batches reads at least 85 %");
    lab.printed("✓ ExponentialLR is 0.1 · 0.96ᵗ");
}
