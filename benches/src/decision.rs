//! One permission decision, beside Cedar, on the same questions.
//!
//! Cedar gets its best form: one policy a role, acts in groups, so that 12 policies answer for any number of courts;
//! requests are made beforehand and only `is_authorized` is timed. Ours is what `door.rs` asks for each request: the
//! roles of the session at the court, then the compiled table. Every answer of both is compared first.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use cedar_policy::{Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request, RestrictedExpression};
use lianting::app::{MODEL, ROLES};
use lianting::court::act::Act;
use lianting::court::caller::{Caller, Session};
use lianting::court::policy::{Override, PolicyBook, PolicySource};
use lianting::court::role::{Role, Roles};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use crate::report::{Goal, Report, median, shown};

const PEOPLE: usize = 20_000;
const QUESTIONS: usize = 4_096;
const ROUNDS: usize = 7;

/// One question, for both.
struct Question {
    who: usize,
    court: i32,
    act: Act,
}

/// Who holds what where, and what is asked.
struct Scene {
    courts: Vec<i32>,
    people: Vec<Caller>,
    questions: Vec<Question>,
}

impl Scene {
    fn new(courts: usize) -> Self {
        let mut dice = StdRng::seed_from_u64(7);
        let courts: Vec<i32> = (1..=courts).map(|n| 370_000 + i32::try_from(n).unwrap_or(0)).collect();
        let people: Vec<Caller> = (0..PEOPLE).map(|n| person(&grants(n, &courts, &mut dice))).collect();
        let questions = (0..QUESTIONS)
            .map(|_| {
                let who = dice.random_range(0..PEOPLE);
                let home = people[who].session.grants[0].0;
                let court = if home != 0 && dice.random_bool(0.8) { home } else { courts[dice.random_range(0..courts.len())] };
                Question { who, court, act: Act::ALL[dice.random_range(0..Act::ALL.len())] }
            })
            .collect();
        Self { courts, people, questions }
    }
}

/// Three in four work for a court, some for two; the others are outside and hold their role everywhere.
fn grants(n: usize, courts: &[i32], dice: &mut StdRng) -> Vec<(i32, Roles)> {
    let role = Role::ALL[n % Role::ALL.len()];
    if !role.is_staff() || role == Role::ProvincialAdmin {
        return vec![(0, Roles::default().with(role))];
    }
    let places = if n % 4 == 0 { 2 } else { 1 };
    (0..places).map(|_| (courts[dice.random_range(0..courts.len())], Roles::default().with(role))).collect()
}

fn person(grants: &[(i32, Roles)]) -> Caller {
    let session = Session {
        token_hash: vec![],
        session_id: Uuid::nil(),
        person: Uuid::nil(),
        name: "".into(),
        grants: grants.to_vec(),
        second_factor: true,
        stepped_up_at: chrono::DateTime::UNIX_EPOCH,
        expires_at: chrono::DateTime::UNIX_EPOCH,
        last_seen_at: chrono::DateTime::UNIX_EPOCH,
        scopes: None,
    };
    Caller { session: Arc::new(session), request: "".into() }
}

/// One court in ten departs from the province's lines, in a way that changes no answer: its table is its own, and
/// Cedar need not be told.
async fn book(source: &PolicySource, scene: &Scene) -> Result<PolicyBook, String> {
    let own = |court: &i32| (*court, vec![Override { role: Role::Clerk, act: Act::FilingRead.key().into(), allow: true }]);
    let overrides: BTreeMap<i32, Vec<Override>> = scene.courts.iter().step_by(10).map(own).collect();
    PolicyBook::open(source.clone(), &overrides).await.map_err(|e| e.to_string())
}

struct Cedar {
    policies: PolicySet,
    entities: Entities,
    requests: Vec<Request>,
    authorizer: Authorizer,
}

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.parse().unwrap_or_else(|e| panic!("{kind}: {e}")), cedar_policy::EntityId::new(id))
}

/// The role at its court; roles held everywhere stand at court 0.
fn role_at(court: i32, role: Role) -> EntityUid {
    uid("Role", &format!("{court}/{}", role.key()))
}

fn everywhere(role: Role) -> bool {
    !role.is_staff() || role == Role::ProvincialAdmin
}

impl Cedar {
    fn new(book: &PolicyBook, scene: &Scene) -> Result<Self, String> {
        let text: String = Role::ALL
            .iter()
            .map(|r| format!("permit(principal, action in Action::\"{0}\", resource) when {{ principal in resource.{0} }};\n", r.key()))
            .collect();
        let policies = text.parse::<PolicySet>().map_err(|e| e.to_string())?;
        let mut all: Vec<Entity> = scene.people.iter().enumerate().map(|(n, p)| user(n, p)).collect();
        all.extend(scene.courts.iter().map(|court| resource(*court)));
        all.extend(Act::ALL.iter().map(|act| action(book, *act)));
        all.extend(Role::ALL.iter().map(|role| Entity::new_no_attrs(uid("Action", role.key()), HashSet::new())));
        let entities = Entities::from_entities(all, None).map_err(|e| e.to_string())?;
        let requests = scene.questions.iter().map(request).collect::<Result<_, _>>()?;
        Ok(Self { policies, entities, requests, authorizer: Authorizer::new() })
    }

    fn ask(&self, request: &Request) -> bool {
        self.authorizer.is_authorized(request, &self.policies, &self.entities).decision() == Decision::Allow
    }
}

fn user(n: usize, caller: &Caller) -> Entity {
    let parents = caller.session.grants.iter().flat_map(|(court, roles)| roles.iter().map(|role| role_at(*court, role))).collect();
    Entity::new_no_attrs(uid("User", &n.to_string()), parents)
}

fn resource(court: i32) -> Entity {
    let attribute = |role: &Role| {
        let at = if everywhere(*role) { 0 } else { court };
        (role.key().to_owned(), RestrictedExpression::new_entity_uid(role_at(at, *role)))
    };
    let attributes: HashMap<String, RestrictedExpression> = Role::ALL.iter().map(attribute).collect();
    Entity::new(uid("Court", &court.to_string()), attributes, HashSet::new()).unwrap_or_else(|e| panic!("{e}"))
}

/// An act belongs to the group of every role that may do it.
fn action(book: &PolicyBook, act: Act) -> Entity {
    let groups = Role::ALL.iter().filter(|role| book.province_allows(**role, act)).map(|role| uid("Action", role.key())).collect();
    Entity::new_no_attrs(uid("Action", act.key()), groups)
}

fn request(q: &Question) -> Result<Request, String> {
    let (who, act, court) = (uid("User", &q.who.to_string()), uid("Action", q.act.key()), uid("Court", &q.court.to_string()));
    Request::new(who, act, court, Context::empty(), None).map_err(|e| e.to_string())
}

fn ours(book: &PolicyBook, scene: &Scene, q: &Question) -> bool {
    !book.carriers(q.court, scene.people[q.who].roles_at(q.court), q.act).is_empty()
}

/// Nanoseconds of one answer, over the questions again and again.
fn nanoseconds(passes: usize, mut ask: impl FnMut(usize) -> bool) -> f64 {
    let since = Instant::now();
    for _ in 0..passes {
        for n in 0..QUESTIONS {
            black_box(ask(black_box(n)));
        }
    }
    since.elapsed().as_nanos() as f64 / (passes * QUESTIONS) as f64
}

/// Measures at each number of courts.
pub async fn run(numbers: &[usize], report: &mut Report) -> Result<(), String> {
    let source = PolicySource::parse(MODEL, ROLES).map_err(|e| e.to_string())?;
    let mut scenes = Vec::new();
    for &courts in numbers {
        let scene = Scene::new(courts);
        let book = book(&source, &scene).await?;
        let cedar = Cedar::new(&book, &scene)?;
        let differ = scene.questions.iter().zip(&cedar.requests).filter(|(q, r)| ours(&book, &scene, q) != cedar.ask(r)).count();
        if differ > 0 {
            return Err(format!("{differ} of {QUESTIONS} answers differ between the table and Cedar"));
        }
        scenes.push((courts, scene, book, cedar, Vec::new(), Vec::new()));
    }
    for _ in 0..ROUNDS {
        for (_, scene, book, cedar, table_ns, cedar_ns) in &mut scenes {
            table_ns.push(nanoseconds(500, |n| ours(book, scene, &scene.questions[n])));
            cedar_ns.push(nanoseconds(2, |n| cedar.ask(&cedar.requests[n])));
        }
    }
    let first = median(scenes[0].4.clone());
    for (courts, scene, book, _, table_ns, cedar_ns) in scenes {
        let allowed = scene.questions.iter().filter(|q| ours(&book, &scene, q)).count() * 100 / QUESTIONS;
        let times = median(cedar_ns.iter().zip(&table_ns).map(|(c, t)| c / t).collect());
        let (t, c) = (median(table_ns), median(cedar_ns));
        report.add(
            format!("decision, {courts} courts"),
            t,
            "ns",
            Goal::AtMost(300.0),
            format!("{PEOPLE} people, {allowed} % allowed; {:+.0} % against the first", (t / first - 1.0) * 100.0),
        );
        report.add(
            format!("times Cedar, {courts} courts"),
            times,
            "x",
            Goal::AtLeast(50.0),
            format!("cedar-policy: {} µs", shown(c / 1000.0)),
        );
    }
    Ok(())
}
