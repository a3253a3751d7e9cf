//! People of a world: accounts, roles and sessions, made past the doors.

use lianting::person::identity::{Kind, ProofKind};
use lianting::person::session::{self, Origin};
use lianting::person::store;
use serde_json::Value;
use uuid::Uuid;

use super::http::Person;
use super::{World, numbers};

impl World {
    async fn person(&self, name: &str, standing: &'static str, roles: &[&'static str], firm: Option<&str>, court: i32) -> Person {
        let n = numbers::next();
        let (mobile, id_number, licence) = (numbers::mobile(n), numbers::resident_id(n), numbers::licence(n));
        let mut gate = self.app.door.gate("it:person", "it".into()).await.unwrap();
        let id = gate.id();
        let new = store::NewPerson { id, name, standing, state: "active", mobile: &mobile, email: None };
        store::add_person(&mut gate, &new).await.unwrap();
        gate.becomes(id).await.unwrap();
        store::add_identifier(&mut gate, id, Kind::Mobile, &mobile).await.unwrap();
        store::add_identifier(&mut gate, id, Kind::IdNumber, &id_number).await.unwrap();
        let mut proofs = vec![(ProofKind::ResidentId, id_number.as_str(), None)];
        if firm.is_some() {
            let kind = if standing == "lawyer" { ProofKind::LawyerLicence } else { ProofKind::LegalWorkerLicence };
            store::add_identifier(&mut gate, id, Kind::Licence, &licence).await.unwrap();
            proofs.push((kind, licence.as_str(), firm));
        }
        for (kind, number, firm) in proofs {
            let proof = store::NewProof {
                kind,
                number,
                holder: name,
                firm,
                firm_uscc: None,
                representative: None,
                state: "checked_by_registry",
                decided_by: None,
            };
            store::add_proof(&mut gate, id, &proof).await.unwrap();
        }
        gate.commit("person", Value::Null).await.unwrap();
        for role in roles {
            let everywhere = matches!(*role, "party" | "lawyer" | "legal_worker" | "provincial_admin");
            self.grant(id, if everywhere { 0 } else { court }, role).await;
        }
        let token = self.session(id, standing == "staff").await;
        Person {
            id,
            name: name.into(),
            mobile,
            id_number,
            licence,
            firm: firm.unwrap_or_default().into(),
            court,
            token,
            wire: self.wire.clone(),
        }
    }

    /// Grants a role, past the doors.
    pub async fn grant(&self, person: Uuid, court: i32, role: &str) {
        sqlx::query("insert into role_grants (court_id, person_id, role, granted_at) values ($1, $2, $3, $4)")
            .bind(court)
            .bind(person)
            .bind(role)
            .bind(self.now())
            .execute(&self.admin)
            .await
            .unwrap();
        self.app.sessions.forget_all();
    }

    /// A live session's token.
    pub async fn session(&self, person: Uuid, second_factor: bool) -> String {
        let mut gate = self.app.door.gate("it:session", "it".into()).await.unwrap();
        gate.becomes(person).await.unwrap();
        let origin = Origin { user_agent: "it".into(), ip_masked: "".into(), ip: "".into(), request: "it".into() };
        let opened = session::open(&mut gate, person, second_factor, &origin).await.unwrap();
        gate.commit("session", Value::Null).await.unwrap();
        let cookie = opened.cookie(&self.app);
        cookie.split_once('=').and_then(|(_, rest)| rest.split_once(';')).unwrap().0.to_owned()
    }

    /// 当事人.
    pub async fn party(&self, name: &str) -> Person {
        self.person(name, "natural", &["party"], None, 0).await
    }

    /// 律师.
    pub async fn lawyer(&self, name: &str, firm: &str) -> Person {
        self.person(name, "lawyer", &["party", "lawyer"], Some(firm), 0).await
    }

    /// 基层法律服务工作者.
    pub async fn legal_worker(&self, name: &str, firm: &str) -> Person {
        self.person(name, "legal_worker", &["party", "legal_worker"], Some(firm), 0).await
    }

    /// 书记员.
    pub async fn clerk(&self, court: i32) -> Person {
        self.staff("孙书", court, "clerk").await
    }

    /// 法官.
    pub async fn judge(&self, court: i32) -> Person {
        self.staff("周审", court, "judge").await
    }

    /// Court people of any role, signed in with two factors.
    pub async fn staff(&self, name: &str, court: i32, role: &'static str) -> Person {
        self.person(name, "staff", &[role], None, court).await
    }
}
