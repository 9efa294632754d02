//! Files from the network by plain HTTP, which needs no cryptography: what a file holds is proved by its checksum. A file comes
//! under another name first, so that one of the right name is whole.

use super::{Remote, failed};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::{self, File};
use std::io::{BufWriter, IsTerminal, Write, stderr};
use std::path::Path;
use tensor::{Error, ErrorKind, Result};

/// How long the network may be silent, in seconds.
const PATIENCE: u64 = 60;

/// Fetches a file of `set` to `to`, from the first mirror that gives it.
pub(super) fn fetch(set: &str, remote: &Remote<'_>, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let mut tried = String::new();
    for mirror in remote.mirrors {
        let url = format!("{mirror}{}", remote.file);
        match fetch_one(&url, remote, to) {
            Ok(()) => return Ok(()),
            Err(what) => tried += &format!("\n  {url}: {what}"),
        }
    }
    let text = format!(
        "{set}: {} could not be fetched.{tried}\nWithout a network, put the file into {} yourself",
        remote.file,
        folder.display()
    );
    Err(Error::new(ErrorKind::Io, text))
}

/// Fetches from one address, or says why not.
fn fetch_one(url: &str, remote: &Remote<'_>, to: &Path) -> Result<(), String> {
    let part = to.with_extension("part");
    let done = receive(url, remote, &part).and_then(|()| fs::rename(&part, to).map_err(|error| error.to_string()));
    if done.is_err() {
        // What came so far is of no use; there may be nothing.
        _ = fs::remove_file(&part);
    }
    done
}

/// Writes what the address gives to `part` and compares the checksum.
fn receive(url: &str, remote: &Remote<'_>, part: &Path) -> Result<(), String> {
    let response = minreq::get(url).with_timeout(PATIENCE).send_lazy().map_err(|error| error.to_string())?;
    if response.status_code != 200 {
        return Err(format!("the server answers {} {}", response.status_code, response.reason_phrase));
    }
    let size = response.headers.get("content-length").and_then(|size| size.parse().ok());
    let progress = bar(size, remote.file);
    let mut out = BufWriter::new(File::create(part).map_err(|error| error.to_string())?);
    let mut sum = md5::Context::new();
    let mut block = Vec::with_capacity(BLOCK);
    let mut write = |block: &mut Vec<u8>| {
        sum.consume(&block[..]);
        progress.inc(block.len() as u64);
        let written = out.write_all(block).map_err(|error| error.to_string());
        block.clear();
        written
    };
    // The response comes byte by byte.
    for byte in response {
        block.push(byte.map_err(|error| error.to_string())?.0);
        if block.len() == BLOCK {
            write(&mut block)?;
        }
    }
    write(&mut block)?;
    out.flush().map_err(|error| error.to_string())?;
    progress.finish_and_clear();
    let sum = format!("{:x}", sum.finalize());
    if sum == remote.md5 { Ok(()) } else { Err(format!("what came has the MD5 sum {sum} instead of {}", remote.md5)) }
}

/// Bytes written at once.
const BLOCK: usize = 1 << 16;

/// A bar on the terminal, if there is one.
fn bar(size: Option<u64>, file: &str) -> ProgressBar {
    let bar = size.map_or_else(ProgressBar::no_length, ProgressBar::new).with_message(file.to_owned());
    if !stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    match ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::net::TcpListener;

    /// A server on this machine that gives `body` once, and the address before the file's name.
    fn server(body: &'static str) -> (String, std::thread::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            assert!(stream.read(&mut request).unwrap() > 0);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all((head + body).as_bytes()).unwrap();
        });
        (address, thread)
    }

    #[test]
    fn files_come_whole_or_not_at_all() {
        let folder = std::env::temp_dir().join(format!("data-download-{}", std::process::id()));
        let to = folder.join("raw").join("hello.txt");
        let md5 = "5d41402abc4b2a76b9719d911017c592";
        let (good, serving) = server("hello");
        let nowhere = "http://127.0.0.1:9/";
        fetch("Set", &Remote { file: "hello.txt", md5, mirrors: &[nowhere, &good] }, &to).unwrap();
        serving.join().unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "hello");
        fs::remove_file(&to).unwrap();

        let (bad, serving) = server("hallo");
        let text =
            fetch("Set", &Remote { file: "hello.txt", md5, mirrors: &[nowhere, &bad] }, &to).unwrap_err().to_string();
        serving.join().unwrap();
        assert!(text.contains("instead of 5d41402abc4b2a76b9719d911017c592"), "{text}");
        assert!(text.contains(nowhere) && text.contains("put the file into"), "{text}");
        assert_eq!(fs::read_dir(to.parent().unwrap()).unwrap().count(), 0);
        fs::remove_dir_all(folder).unwrap();
    }
}
