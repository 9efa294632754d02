//! `#[derive(Module)]` for the crate `nn`: it lists a struct's fields in the order they are written. What each field means is
//! decided by its type (`nn::Field`); this crate knows no layer and no tensor.
#![forbid(unsafe_code)]

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Error, Field, Fields, Result, parse_macro_input, parse_quote};

/// Makes a struct of modules a module.
///
/// Fields that are modules (also in an `Option` or a `Vec`) are its children, fields of type `Tensor` its parameters, and plain
/// values are neither. The struct's printed form is PyTorch's.
///
/// - `#[buffer]` marks a `Tensor` that is saved but not trained.
/// - `#[skip]` marks a field of a type that is no part of the module.
/// - `#[module(extra_repr)]` on the struct: it has a method `extra_repr(&self) -> String`, whose text stands in the brackets of
///   the printed form.
#[proc_macro_derive(Module, attributes(buffer, skip, module))]
pub fn module(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input, &quote!(::nn)).unwrap_or_else(Error::into_compile_error).into()
}

/// [`Module`](macro@Module) for programs that know the crate `nn` as `sconce::nn`.
#[proc_macro_derive(SconceModule, attributes(buffer, skip, module))]
pub fn sconce_module(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input, &quote!(::sconce::nn)).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput, nn: &TokenStream) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(
            &input.ident,
            "only a struct can be a module; let a struct hold the enum as a field",
        ));
    };
    if let Fields::Unnamed(fields) = &data.fields {
        return Err(Error::new_spanned(fields, "a module's fields need names: parameters are named after them"));
    }
    let (mut members, mut members_mut) = (Vec::new(), Vec::new());
    for field in &data.fields {
        if let Some(lines) = Lines::of(field, nn)? {
            members.push(lines.shared);
            members_mut.push(lines.exclusive);
        }
    }
    let extra = has_extra_repr(&input.attrs)?.then(|| {
        quote! {
            fn extra_repr(&self) -> ::std::string::String {
                Self::extra_repr(self)
            }
        }
    });
    let (name, text) = (&input.ident, input.ident.to_string());
    let mut generics = input.generics.clone();
    for parameter in input.generics.type_params() {
        let parameter = &parameter.ident;
        generics.make_where_clause().predicates.push(parse_quote!(#parameter: #nn::Module));
    }
    let (head, arguments, conditions) = generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #head #nn::Module for #name #arguments #conditions {
            fn type_name(&self) -> &'static str {
                #text
            }
            #[allow(unused_variables)]
            fn members<'a>(&'a self, visit: &mut dyn ::std::ops::FnMut(&str, #nn::Member<'a>)) {
                #(#members)*
            }
            #[allow(unused_variables)]
            fn members_mut(&mut self, visit: &mut dyn ::std::ops::FnMut(&str, #nn::MemberMut<'_>)) {
                #(#members_mut)*
            }
            fn as_dyn(&self) -> &dyn #nn::Module {
                self
            }
            #extra
        }
        #[automatically_derived]
        impl #head ::std::fmt::Display for #name #arguments #conditions {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&#nn::repr(self))
            }
        }
    })
}

/// A field's lines in the two walks over the members.
struct Lines {
    shared: TokenStream,
    exclusive: TokenStream,
}

impl Lines {
    /// `None` for a field that is skipped.
    fn of(field: &Field, nn: &TokenStream) -> Result<Option<Lines>> {
        let has = |name: &str| field.attrs.iter().any(|attribute| attribute.path().is_ident(name));
        let Some(ident) = &field.ident else { return Ok(None) };
        if has("skip") {
            return Ok(None);
        }
        let name = ident.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        let of = if has("buffer") { quote!(#nn::BufferField) } else { quote!(#nn::Field) };
        Ok(Some(Lines {
            shared: quote! { #of::visit(&self.#ident, #name, visit); },
            exclusive: quote! { #of::visit_mut(&mut self.#ident, #name, visit); },
        }))
    }
}

/// Whether `#[module(extra_repr)]` stands among the attributes; anything else in `#[module(…)]` is an error.
fn has_extra_repr(attributes: &[Attribute]) -> Result<bool> {
    let mut found = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("module")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("extra_repr") {
                return Err(meta.error("expected `extra_repr`"));
            }
            found = true;
            Ok(())
        })?;
    }
    Ok(found)
}
