//! Modules made of other modules: boxes, lists and dictionaries. It knows no layer.

use super::{Forward, Member, MemberMut, Module, observe};
use tensor::Tensor;

macro_rules! boxes {
    ($($ty:ty),*) => { $(
        /// The module in the box.
        impl Module for $ty {
            fn type_name(&self) -> &'static str {
                (**self).type_name()
            }
            fn members<'a>(&'a self, visit: &mut dyn FnMut(&str, Member<'a>)) {
                (**self).members(visit);
            }
            fn members_mut(&mut self, visit: &mut dyn FnMut(&str, MemberMut<'_>)) {
                (**self).members_mut(visit);
            }
            fn extra_repr(&self) -> String {
                (**self).extra_repr()
            }
            fn as_dyn(&self) -> &dyn Module {
                (**self).as_dyn()
            }
        }
    )* };
}
boxes!(Box<dyn Module>, Box<dyn Forward>);

impl Forward for Box<dyn Forward> {
    #[track_caller]
    fn forward(&self, input: &Tensor) -> Tensor {
        (**self).forward(input)
    }
}

/// `torch.nn.ModuleList`: any vector of modules.
///
/// ```
/// use nn::{Forward, Linear, Module, ModuleList};
/// use tensor::{Tensor, ones};
///
/// #[derive(Module)]
/// struct Stack {
///     layers: ModuleList<Linear>,
/// }
/// let net = Stack { layers: (0..3).map(|_| Linear::new(4, 4)).collect() };
/// let y = net.layers.iter().fold(ones([1, 4]), |x, layer| layer.forward(&x));
/// assert_eq!(net.named_parameters()[5].0, "layers.2.bias");
/// ```
pub type ModuleList<M = Box<dyn Forward>> = Vec<M>;

impl<M: Module> Module for Vec<M> {
    fn type_name(&self) -> &'static str {
        "ModuleList"
    }
    fn members<'a>(&'a self, visit: &mut dyn FnMut(&str, Member<'a>)) {
        for (index, module) in self.iter().enumerate() {
            visit(&index.to_string(), Member::Module(module.as_dyn()));
        }
    }
    fn members_mut(&mut self, visit: &mut dyn FnMut(&str, MemberMut<'_>)) {
        for (index, module) in self.iter_mut().enumerate() {
            visit(&index.to_string(), MemberMut::Module(module));
        }
    }
    fn as_dyn(&self) -> &dyn Module {
        self
    }
}

/// Modules by name, in the order in which they were put in: `torch.nn.ModuleDict`.
///
/// ```
/// use nn::{Forward, Linear, ModuleDict, ReLU};
/// use tensor::ones;
/// let mut heads = ModuleDict::new();
/// heads.insert("digits", Linear::new(8, 10));
/// heads.insert("sign", Linear::new(8, 1));
/// assert_eq!(heads["sign"].forward(&ones([3, 8])).shape(), &[3, 1]);
/// ```
#[derive(Default)]
pub struct ModuleDict {
    named: Vec<(String, Box<dyn Forward>)>,
}

/// Modules that run one after the other: `torch.nn.Sequential`. [`sequential!`](crate::sequential) makes one of a list.
///
/// ```
/// use nn::{Conv2d, Flatten, Forward, Linear, MaxPool2d, Module, ReLU, sequential};
/// use tensor::rand;
/// let net = sequential![
///     Conv2d::with(1, 8, 3, |conv| conv.padding(1)),
///     ReLU::new(),
///     MaxPool2d::new(2),
///     Flatten::new(),
///     Linear::new(8 * 14 * 14, 10),
/// ];
/// assert_eq!(net.forward(&rand([2, 1, 28, 28])).shape(), &[2, 10]);
/// assert_eq!(net.named_parameters()[3].0, "4.bias");
/// ```
#[derive(Default)]
pub struct Sequential {
    named: Vec<(String, Box<dyn Forward>)>,
}

macro_rules! named_modules {
    ($($ty:ident),*) => { $(
        impl $ty {
            /// Without modules.
            pub fn new() -> $ty {
                $ty::default()
            }

            /// Puts `module` in under `name`; it replaces the one of that name.
            ///
            /// # Panics
            /// If the name is empty or has a dot in it.
            #[track_caller]
            pub fn insert(&mut self, name: impl Into<String>, module: impl Forward + 'static) {
                let name = name.into();
                assert!(!name.is_empty(), "module name can't be empty string \"\"");
                assert!(!name.contains('.'), "module name can't contain \".\", got: {name}");
                let module: Box<dyn Forward> = Box::new(module);
                match self.named.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, place)) => *place = module,
                    None => self.named.push((name, module)),
                }
            }

            /// How many modules there are.
            pub fn len(&self) -> usize {
                self.named.len()
            }

            /// Whether there are none.
            pub fn is_empty(&self) -> bool {
                self.named.is_empty()
            }

            /// The modules with their names.
            pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &dyn Forward)> {
                self.named.iter().map(|(name, module)| (name.as_str(), &**module))
            }

            /// The module called `name`.
            pub fn get(&self, name: &str) -> Option<&(dyn Forward + 'static)> {
                self.named.iter().find(|(other, _)| other == name).map(|(_, module)| &**module)
            }

            /// Takes the module called `name` out.
            pub fn remove(&mut self, name: &str) -> Option<Box<dyn Forward>> {
                let at = self.named.iter().position(|(other, _)| other == name)?;
                Some(self.named.remove(at).1)
            }
        }

        impl std::ops::Index<&str> for $ty {
            type Output = dyn Forward;
            #[track_caller]
            fn index(&self, name: &str) -> &(dyn Forward + 'static) {
                match self.get(name) {
                    Some(module) => module,
                    None => panic!("there is no module called '{name}'"),
                }
            }
        }

        impl Module for $ty {
            fn type_name(&self) -> &'static str {
                stringify!($ty)
            }
            fn members<'a>(&'a self, visit: &mut dyn FnMut(&str, Member<'a>)) {
                self.named.iter().for_each(|(name, module)| visit(name, Member::Module(module.as_dyn())));
            }
            fn members_mut(&mut self, visit: &mut dyn FnMut(&str, MemberMut<'_>)) {
                self.named.iter_mut().for_each(|(name, module)| visit(name, MemberMut::Module(module)));
            }
            fn as_dyn(&self) -> &dyn Module {
                self
            }
        }

        impl std::fmt::Display for $ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&super::repr(self))
            }
        }
    )* };
}
named_modules!(Sequential, ModuleDict);

impl Sequential {
    /// With `module` as the last, under its position.
    #[must_use]
    pub fn push(mut self, module: impl Forward + 'static) -> Sequential {
        self.insert(self.len().to_string(), module);
        self
    }
}

impl std::ops::Index<usize> for Sequential {
    type Output = dyn Forward;
    #[track_caller]
    fn index(&self, index: usize) -> &(dyn Forward + 'static) {
        match self.named.get(index) {
            Some((_, module)) => &**module,
            None => panic!("index {index} is out of range"),
        }
    }
}

impl Forward for Sequential {
    #[track_caller]
    fn forward(&self, input: &Tensor) -> Tensor {
        let mut modules = self.named.iter();
        let Some((_, first)) = modules.next() else { return input.clone() };
        let output = modules.fold(first.forward(input), |x, (_, module)| module.forward(&x));
        observe(self, input, output)
    }
}

/// A [`Sequential`] of the modules listed, numbered from 0 or named: `sequential![Linear::new(2, 3), ReLU::new()]`,
/// `sequential!["hidden" => Linear::new(2, 3), "relu" => ReLU::new()]`.
#[macro_export]
macro_rules! sequential {
    ($($name:literal => $module:expr),+ $(,)?) => {{
        let mut sequential = $crate::Sequential::new();
        $(sequential.insert($name, $module);)+
        sequential
    }};
    ($($module:expr),* $(,)?) => { $crate::Sequential::new()$(.push($module))* };
}
