//! 角色: who people are at a court. Owns the closed list; grants live in the database.

use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

use crate::kit::words::column;

/// A role at a court.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[repr(u8)]
pub enum Role {
    /// 法官.
    Judge,
    /// 书记员、审判辅助人员.
    Clerk,
    /// 庭长.
    PresidingJudge,
    /// 法院管理员 (system duty: people and rules).
    CourtAdmin,
    /// 省级管理员 (system duty over the province).
    ProvincialAdmin,
    /// 安全管理员 (security duty: permissions).
    SecurityAdmin,
    /// 审计员 (audit duty).
    Auditor,
    /// 技术人员.
    Technician,
    /// 当事人.
    Party,
    /// 律师.
    Lawyer,
    /// 基层法律服务工作者.
    LegalWorker,
    /// 调解员.
    Mediator,
}

column!(Role);

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Roles(pub u16);

/// The three duties of administration that no one person may join (三员分立, GB/T 22239 §8.1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// 系统管理.
    System,
    /// 安全管理.
    Security,
    /// 审计.
    Audit,
}

impl Role {
    /// Every role, in order.
    pub const ALL: [Role; 12] = [
        Role::Judge,
        Role::Clerk,
        Role::PresidingJudge,
        Role::CourtAdmin,
        Role::ProvincialAdmin,
        Role::SecurityAdmin,
        Role::Auditor,
        Role::Technician,
        Role::Party,
        Role::Lawyer,
        Role::LegalWorker,
        Role::Mediator,
    ];

    /// The name used in policies, grants and the API.
    pub fn key(self) -> &'static str {
        match self {
            Role::Judge => "judge",
            Role::Clerk => "clerk",
            Role::PresidingJudge => "presiding_judge",
            Role::CourtAdmin => "court_admin",
            Role::ProvincialAdmin => "provincial_admin",
            Role::SecurityAdmin => "security_admin",
            Role::Auditor => "auditor",
            Role::Technician => "technician",
            Role::Party => "party",
            Role::Lawyer => "lawyer",
            Role::LegalWorker => "legal_worker",
            Role::Mediator => "mediator",
        }
    }

    /// The role of that name.
    pub fn parse(key: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.key() == key)
    }

    /// Works for the court (and so signs in with two factors and sits on the staff side).
    pub fn is_staff(self) -> bool {
        !matches!(self, Role::Party | Role::Lawyer | Role::LegalWorker | Role::Mediator)
    }

    /// Which of the three separated duties the role carries.
    pub fn duty(self) -> Option<Duty> {
        match self {
            Role::CourtAdmin | Role::ProvincialAdmin => Some(Duty::System),
            Role::SecurityAdmin => Some(Duty::Security),
            Role::Auditor => Some(Duty::Audit),
            _ => None,
        }
    }
}

impl Roles {
    /// The staff roles.
    pub fn staff() -> Roles {
        Role::ALL.into_iter().filter(|r| r.is_staff()).collect()
    }

    /// With this role added.
    pub fn with(self, role: Role) -> Roles {
        Roles(self.0 | 1 << role as u8)
    }

    /// Holds this role.
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }

    /// The roles in both sets.
    pub fn both(self, other: Roles) -> Roles {
        Roles(self.0 & other.0)
    }

    /// Holds none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The roles, in order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }

    /// True when one person would hold two of the three separated duties.
    pub fn joins_duties(self) -> bool {
        let mut duties = self.iter().filter_map(Role::duty);
        let first = duties.next();
        duties.any(|duty| Some(duty) != first)
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<T: IntoIterator<Item = Role>>(roles: T) -> Self {
        roles.into_iter().fold(Roles::default(), Roles::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_of_the_three_duties_join() {
        assert!(Roles::from_iter([Role::CourtAdmin, Role::Auditor]).joins_duties());
        assert!(Roles::from_iter([Role::SecurityAdmin, Role::ProvincialAdmin]).joins_duties());
        assert!(!Roles::from_iter([Role::CourtAdmin, Role::ProvincialAdmin, Role::Judge]).joins_duties());
    }

    #[test]
    fn names_are_read_back() {
        assert!(Role::ALL.into_iter().all(|role| Role::parse(role.key()) == Some(role)));
    }
}
