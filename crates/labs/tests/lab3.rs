//! Lab 3 from start to end: the numbers of the manual, and that all its checks hold.

mod command;

use command::{lab, transcript_of};

#[test]
fn the_sample_and_the_regressions_have_their_numbers() {
    let lab = lab("3");
    lab.printed("epoch 0: loss 25359.8, w 5.1704, b 1.2900");
    lab.printed("epoch 1: loss 10952.7, w 7.8759, b 1.4793");
    lab.printed("loss 0.017306, w 0.820030, b 0.987891");
    lab.printed("Linear(in_features=1, out_features=1, bias=True)");
    lab.printed("9 parameters");
    lab.printed(
        "linear1.weight: tensor([[ 0.5413,  0.5890],\n        [-0.1679,  0.6455]], requires_grad=True)\n\
         linear1.bias: tensor([-0.1505,  0.1357], requires_grad=True)\n\
         linear2.weight: tensor([[-0.3832,  0.3738]], requires_grad=True)\n\
         linear2.bias: tensor([0.5562], requires_grad=True)",
    );
    lab.printed("Total parameters: 6,570");
    lab.printed("✓ two hidden layers read at least 94 %");
}

#[test]
fn fewer_epochs_and_another_seed_make_no_claims() {
    for exercise in ["7", "8", "9"] {
        let lab = transcript_of(&["3", "--exercise", exercise, "--epochs", "1", "--seed", "5"]);
        assert!(!lab.text.contains('✗'), "{}", lab.text);
    }
}
