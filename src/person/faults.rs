//! Gathers everything wrong with a form, so that a person corrects it once.
//! Owns the turning of a document's or a text's fault into a field problem. Must never repeat what was typed.

use std::borrow::Cow;

use crate::error::{Error, FieldProblem, Result, said};
use crate::kit::text::TextError;
use crate::person::documents::DocumentError;

/// A cause and a cure, in both languages.
pub struct Fault {
    code: &'static str,
    zh: Cow<'static, str>,
    en: Cow<'static, str>,
    cure_zh: Cow<'static, str>,
    cure_en: Cow<'static, str>,
}

impl Fault {
    /// A fault with its cause and its cure.
    pub fn new(
        code: &'static str,
        zh: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
        cure_zh: impl Into<Cow<'static, str>>,
        cure_en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { code, zh: zh.into(), en: en.into(), cure_zh: cure_zh.into(), cure_en: cure_en.into() }
    }

    /// The refusal of a request that has only this fault.
    pub fn at(self, field: &str) -> Error {
        Error::invalid(self.code, said(self.zh, self.en), said(self.cure_zh, self.cure_en)).at(field)
    }
}

impl From<DocumentError> for Fault {
    fn from(e: DocumentError) -> Self {
        Self { code: e.code, zh: e.zh, en: e.en, cure_zh: e.cure_zh, cure_en: e.cure_en }
    }
}

impl From<TextError> for Fault {
    fn from(e: TextError) -> Self {
        Self::new(e.code, e.zh, e.en, e.cure_zh, e.cure_en)
    }
}

/// The faults found so far.
#[derive(Default)]
pub struct Faults(Vec<(String, Fault)>);

impl Faults {
    /// Takes the value, or notes what is wrong with the field.
    pub fn take<T>(&mut self, field: &str, read: Result<T, impl Into<Fault>>) -> Option<T> {
        read.map_err(|fault| self.note(field, fault.into())).ok()
    }

    /// Notes a fault.
    pub fn note(&mut self, field: &str, fault: Fault) {
        self.0.push((field.to_owned(), fault));
    }

    /// Refuses when anything was noted: with the fault itself when it is the only one, else with the list.
    ///
    /// # Errors
    /// 422 naming every field.
    pub fn refuse(self) -> Result<()> {
        let list = self.0.iter().map(|(field, f)| FieldProblem {
            field: field.clone(),
            code: f.code.into(),
            detail: f.zh.to_string(),
            detail_en: f.en.to_string(),
            cure: f.cure_zh.to_string(),
            cure_en: f.cure_en.to_string(),
        });
        let list: Vec<FieldProblem> = list.collect();
        let n = list.len();
        let error = match self.0.into_iter().next() {
            None => return Ok(()),
            Some((field, fault)) if n == 1 => fault.at(&field),
            Some(_) => Error::invalid(
                "form.several_faults",
                said(format!("有 {n} 处要改。"), format!("{n} fields need correcting.")),
                said("请按每一处的提示改好再提交，其他内容都还在。", "Correct each field as it says; the rest is kept."),
            ),
        };
        Err(error.listing(list))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::text::{Bounds, clean};

    #[test]
    fn one_fault_speaks_for_itself_and_several_are_listed() {
        let mut faults = Faults::default();
        assert_eq!(faults.take("/name", clean("张三", Bounds::line(1, 10))), Some("张三".to_owned()));
        assert!(Faults::default().refuse().is_ok());
        faults.take("/name", clean("张\u{0}三", Bounds::line(1, 10)));
        let one = faults.refuse().unwrap_err();
        assert_eq!((one.code, one.problem().field.as_deref()), ("text.control", Some("/name")));
        let mut faults = Faults::default();
        faults.take("/name", clean("", Bounds::line(1, 10)));
        faults.take("/mobile", crate::person::documents::Mobile::parse("12800138000"));
        let two = faults.refuse().unwrap_err().problem();
        assert_eq!((two.code.as_str(), two.errors.map(|e| e.len())), ("form.several_faults", Some(2)));
    }
}
