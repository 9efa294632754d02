//! Known sets under their names: what tells one from another is a `Family` of the file that lists them, and opened by its function.

/// Defines sets: `$open` opens one by its family, its folder and the settings; `$files` says where files are looked for.
macro_rules! known_sets {
    ($open:ident, $files:literal; $($(#[$doc:meta])* $name:ident $family:tt)*) => { $(
        $(#[$doc])*
        ///
        #[doc = $files]
        ///
        /// ```no_run
        #[doc = concat!("let train = data::sets::", stringify!($name), "::with(\"data\", |set| set.download(true))?;")]
        /// println!("{train}");
        /// # Ok::<(), tensor::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl $name {
            const FAMILY: Family = Family $family;

            /// The images for training.
            ///
            /// # Errors
            /// If files are missing or damaged.
            pub fn train(root: impl AsRef<Path>) -> Result<ImageSet> {
                Self::with(root, |set| set)
            }

            /// The images for testing.
            ///
            /// # Errors
            /// If files are missing or damaged.
            pub fn test(root: impl AsRef<Path>) -> Result<ImageSet> {
                Self::with(root, |set| set.train(false))
            }

            /// The images that the settings say, which may come from the network.
            ///
            /// # Errors
            /// If files are missing, damaged, or not to be had.
            pub fn with(
                root: impl AsRef<Path>,
                settings: impl FnOnce(SetOptions) -> SetOptions,
            ) -> Result<ImageSet> {
                $open(&Self::FAMILY, root.as_ref(), &settings(SetOptions::default()))
            }
        }
    )* };
}
pub(crate) use known_sets;
