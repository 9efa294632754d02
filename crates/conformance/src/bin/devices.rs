//! Prints the adapters that could be used as GPUs, and which of them are.
#![forbid(unsafe_code)]

fn main() {
    let adapters = ops_wgpu::adapters();
    for (number, adapter) in adapters.iter().enumerate() {
        println!("{number}: {adapter}");
    }
    if adapters.is_empty() {
        println!("no adapter was found");
    }
    let variable = ops_wgpu::VARIABLE;
    match ops_wgpu::gpu_count() {
        0 => match ops_wgpu::gpu(0) {
            Err(error) => println!("{error}"),
            Ok(_) => unreachable!("there is none"),
        },
        count => {
            for number in 0..count {
                match ops_wgpu::gpu(number) {
                    Ok(gpu) => println!("gpu:{number} is {}", gpu.info().name),
                    Err(error) => println!("gpu:{number}: {error}"),
                }
            }
        }
    }
    println!("{variable} chooses: a number in this list, a part of a name, or `software`");
}
