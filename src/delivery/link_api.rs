//! Doors of a message's link: no account, the token is the key. They tell court and day, and take one word.

use std::sync::Arc;

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::mistaken::{self, Link};
use crate::app::App;
use crate::court::beijing::beijing_date;
use crate::court::caller::RequestFacts;
use crate::error::Result;

/// The doors.
pub struct ServiceLinkApi;

/// The token of a message's link.
#[derive(Debug, Object)]
struct ServiceLinkToken {
    /// Token.
    #[oai(validator(max_length = 100))]
    token: String,
}

/// A message of service, to whoever holds it: nothing of case or party.
#[derive(Debug, Object)]
struct ServiceLink {
    /// Court.
    court_name: String,
    /// The day it was sent.
    sent_on: NaiveDate,
    /// 已告知不是收件人.
    disclaimed: bool,
}

fn shown(app: &App, link: &Link) -> Json<ServiceLink> {
    Json(ServiceLink {
        court_name: app.door.registry.name(link.court_id),
        sent_on: beijing_date(link.made_at),
        disclaimed: link.disclaimed_at.is_some(),
    })
}

#[OpenApi]
impl ServiceLinkApi {
    /// Opens the link of a message: which court sent it, and when.
    #[oai(path = "/service-link", method = "post", operation_id = "open_service_link")]
    async fn open(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        body: Json<ServiceLinkToken>,
    ) -> Result<Json<ServiceLink>> {
        app.limits.check_sign_in(&facts.ip)?;
        Ok(shown(app, &mistaken::find(app, &body.0.token).await?))
    }

    /// 我不是收件人: the court checks the address and serves by another way. Pressed twice, it is said once.
    #[oai(path = "/service-link/not-me", method = "post", operation_id = "disclaim_service")]
    async fn not_me(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        body: Json<ServiceLinkToken>,
    ) -> Result<Json<ServiceLink>> {
        app.limits.check_sign_in(&facts.ip)?;
        let request: Arc<str> = facts.id.clone();
        Ok(shown(app, &mistaken::disclaim(app, &request, &body.0.token).await?))
    }
}
