// Philox4x32-10: four words for a counter, here an element's number, under a key.

fn multiply_high(a: u32, b: u32) -> u32 {
    let al = a & 0xffffu;
    let ah = a >> 16u;
    let bl = b & 0xffffu;
    let bh = b >> 16u;
    let low = al * bl;
    let middle = ah * bl + (low >> 16u);
    let other = al * bh + (middle & 0xffffu);
    return ah * bh + (middle >> 16u) + (other >> 16u);
}

fn philox(number: u32) -> vec4<u32> {
    var c = vec4<u32>(number, 0u, 0u, 0u);
    var k0 = key_low();
    var k1 = key_high();
    for (var round = 0u; round < 10u; round++) {
        let h0 = multiply_high(0xd2511f53u, c.x);
        let l0 = 0xd2511f53u * c.x;
        let h1 = multiply_high(0xcd9e8d57u, c.z);
        let l1 = 0xcd9e8d57u * c.z;
        c = vec4<u32>(h1 ^ c.y ^ k0, l1, h0 ^ c.w ^ k1, l0);
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
    return c;
}
