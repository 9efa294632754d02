//! Names of devices.

use crate::names::*;

misuses! {
    r#"torch.device("")"# Device: or_panic(device("")), device("");
    r#"torch.device("tpu")"# Device: or_panic(device("tpu")), device("tpu");
    r#"torch.device("cpu:")"# Device: or_panic(device("cpu:")), device("cpu:");
    r#"torch.device("cpu:x")"# Device: or_panic(device("cpu:x")), device("cpu:x");
    r#"torch.device("cpu:-1")"# Device: or_panic(device("cpu:-1")), device("cpu:-1");
    r#"torch.device("cpu:1")"# Device: or_panic(device("cpu:1")), device("cpu:1");
    r#"torch.device("cpu:01")"# Device: or_panic(device("cpu:01")), device("cpu:01");
    r#"torch.device("cpu:1:2")"# Device: or_panic(device("cpu:1:2")), device("cpu:1:2");
    r#"torch.device("cpu:99999999999999999999")"# Device:
        or_panic(device("cpu:99999999999999999999")), device("cpu:99999999999999999999");
    r#"torch.device(" cpu")"# Device: or_panic(device(" cpu")), device(" cpu");
    r#"torch.device("CPU")"# Device: or_panic(device("CPU")), device("CPU");
    r#"zeros(2, device="cpu:1")"# Device: or_panic(device("cpu:1")), device("cpu:1");
}
