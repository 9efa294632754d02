//! Tables of text: lines of fields with commas between them, columns by name, numbers as tensors.

use crate::files::{damaged, failed};
use std::fs::File;
use std::path::{Path, PathBuf};
use tensor::{Error, ErrorKind, Result, Tensor, from_vec};

tensor::settings! {
    /// How a table is written.
    pub struct CsvOptions {
        /// What stands between fields.
        delimiter: u8 = b',',
        /// Whether the first line names the columns; without names they are called "0", "1" and so on.
        header: bool = true,
    }
}

/// A table in memory: texts by row and column, tensors when asked for.
///
/// ```
/// use data::sets::Csv;
/// let path = std::env::temp_dir().join(format!("prices-{}.csv", std::process::id()));
/// std::fs::write(&path, "Date,Price,Volume\n2020-01-02,2.5,10\n2020-01-03,3,20\n").unwrap();
/// let table = Csv::read(&path)?;
/// assert_eq!(table.columns(), ["Date", "Price", "Volume"]);
/// assert_eq!(table.tensor("Price")?.to_string(), "tensor([2.5000, 3.0000])");
/// assert_eq!(table.tensor(["Volume", "Price"])?.shape()[..], [2, 2]);
/// assert_eq!(table.text("Date")?, ["2020-01-02", "2020-01-03"]);
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Csv {
    path: PathBuf,
    names: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

/// One column, which gives a vector, or several, which give a matrix of rows.
pub trait Columns {
    /// The names, and whether they are one alone.
    fn columns(&self) -> (Vec<&str>, bool);
}

impl Columns for &str {
    fn columns(&self) -> (Vec<&str>, bool) {
        (vec![self], true)
    }
}

impl<const N: usize> Columns for [&str; N] {
    fn columns(&self) -> (Vec<&str>, bool) {
        (self.to_vec(), false)
    }
}

impl Columns for &[&str] {
    fn columns(&self) -> (Vec<&str>, bool) {
        (self.to_vec(), false)
    }
}

impl Csv {
    /// The table in a file with a line of names and commas between fields.
    ///
    /// # Errors
    /// If the file cannot be read, or its lines differ in the number of fields.
    pub fn read(path: impl AsRef<Path>) -> Result<Csv> {
        Csv::with(path, |csv| csv)
    }

    /// The table in a file, as the settings say.
    ///
    /// # Errors
    /// If the file cannot be read, or its lines differ in the number of fields.
    pub fn with(path: impl AsRef<Path>, settings: impl FnOnce(CsvOptions) -> CsvOptions) -> Result<Csv> {
        let (path, options) = (path.as_ref(), settings(CsvOptions::default()));
        let file = File::open(path).map_err(|error| failed(path, &error))?;
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.delimiter(options.delimiter).has_headers(options.header).from_reader(file);
        let header = reader.headers().map_err(|error| damaged(path, error))?.clone();
        let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(|error| damaged(path, error))?;
        let names = match options.header {
            true => header.iter().map(|name| name.trim().to_owned()).collect(),
            false => (0..header.len()).map(|at| at.to_string()).collect(),
        };
        Ok(Csv { path: path.to_owned(), names, rows })
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.names
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn place(&self, name: &str) -> Result<usize> {
        self.names.iter().position(|own| own == name).ok_or_else(|| {
            let text = format!("{}: there is no column {name:?} among {:?}", self.path.display(), self.names);
            Error::new(ErrorKind::Value, text)
        })
    }

    /// The fields of a column as they are written.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn text(&self, column: &str) -> Result<Vec<&str>> {
        let at = self.place(column)?;
        Ok(self.rows.iter().map(|row| &row[at]).collect())
    }

    /// The numbers of a column `[rows]`, or of several [rows, columns], `float32`. An empty field is NaN.
    ///
    /// # Errors
    /// If there is no such column, or a field in it that is no number; the error says where.
    pub fn tensor(&self, columns: impl Columns) -> Result<Tensor> {
        let (columns, alone) = columns.columns();
        let places = columns.iter().map(|name| self.place(name)).collect::<Result<Vec<usize>>>()?;
        let mut numbers = Vec::with_capacity(self.len() * places.len());
        for row in &self.rows {
            for &at in &places {
                let field = row[at].trim();
                numbers.push(if field.is_empty() { Ok(f32::NAN) } else { field.parse() }.map_err(|_| {
                    let line = row.position().map_or(0, csv::Position::line);
                    damaged(&self.path, format!("{field:?} in line {line}, column {:?}, is no number", self.names[at]))
                })?);
            }
        }
        let shape = if alone { vec![self.len()] } else { vec![self.len(), places.len()] };
        Ok(from_vec(numbers, shape))
    }
}
