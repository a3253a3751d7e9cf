//! Doors of programs: registering them, and the token they work with.

use base64::Engine;
use poem::Request;
use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::{Form, Json};
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use uuid::Uuid;

use super::clients::{self, Credentials};
use super::views::{AccessToken, ApiClientOrder, ApiClients, NewApiClient};
use crate::app::App;
use crate::court::caller::{Caller, facts};
use crate::court::scope::ApiScope;
use crate::error::{Error, Result, said};
use crate::kit::answer::{Created, NoContent, created};
use crate::person::session::Origin;

/// The doors.
pub struct SoftwareApi;

/// 换取令牌 (RFC 6749 section 4.4.2). The credentials may also come as HTTP Basic.
#[derive(Object, Deserialize)]
struct TokenOrder {
    /// `client_credentials`.
    #[oai(validator(max_length = 40))]
    grant_type: String,
    /// The program's id.
    #[oai(validator(max_length = 100))]
    client_id: Option<String>,
    /// Its secret.
    #[oai(validator(max_length = 100))]
    client_secret: Option<String>,
    /// Scopes, joined by spaces; all of the program's when absent.
    #[oai(validator(max_length = 200))]
    scope: Option<String>,
}

impl TokenOrder {
    /// What is shown, in the form or in the header; a form that cannot be right answers as a wrong secret does.
    fn credentials(&self, request: &Request) -> Result<Credentials> {
        if self.grant_type != "client_credentials" {
            return Err(Error::invalid(
                "client.grant_type",
                said("只支持 client_credentials 方式。", "Only client_credentials is offered."),
                said("请写 grant_type=client_credentials。", "Send grant_type=client_credentials."),
            )
            .at("/grant_type"));
        }
        let in_form = self.client_id.clone().zip(self.client_secret.clone());
        let (id, secret) = in_form.or_else(|| basic(request)).ok_or_else(clients::refused)?;
        let wanted = self.scope.as_deref().map(str::trim).filter(|s| !s.is_empty());
        let wanted = wanted.map(|all| all.split_whitespace().map(ApiScope::parse).collect::<Option<Vec<_>>>().unwrap_or_default());
        Ok(Credentials { client: id.parse().map_err(|_| clients::refused())?, secret, wanted })
    }
}

fn basic(request: &Request) -> Option<(String, String)> {
    let header = request.headers().get("authorization")?.to_str().ok()?.strip_prefix("Basic ")?;
    let plain = String::from_utf8(base64::engine::general_purpose::STANDARD.decode(header.trim()).ok()?).ok()?;
    let (id, secret) = plain.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

#[OpenApi]
impl SoftwareApi {
    /// 我的程序.
    #[oai(path = "/my/api-clients", method = "get", operation_id = "list_api_clients")]
    async fn list(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<ApiClients>> {
        let items = clients::list(&mut app.door.mine(&caller, "client:read").await?).await?;
        Ok(Json(ApiClients { items, most: clients::MOST }))
    }

    /// 接入一个程序: its secret is in this answer and nowhere else.
    #[oai(path = "/my/api-clients", method = "post", operation_id = "register_api_client")]
    async fn register(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<ApiClientOrder>,
    ) -> Result<Created<NewApiClient>> {
        Ok(created(clients::register(app, &caller, key.0, body.0).await?))
    }

    /// 停用一个程序; its tokens end at once.
    #[oai(path = "/my/api-clients/:client", method = "delete", operation_id = "end_api_client")]
    async fn end(&self, Data(app): Data<&App>, caller: Caller, client: Path<Uuid>) -> Result<NoContent> {
        clients::end(app, &caller, client.0).await?;
        Ok(NoContent::NoContent)
    }

    /// 换取令牌: an access token for one hour (OAuth 2.0 client credentials).
    #[oai(path = "/oauth/token", method = "post", operation_id = "give_token")]
    async fn token(&self, Data(app): Data<&App>, request: &Request, body: Form<TokenOrder>) -> Result<Json<AccessToken>> {
        let origin = Origin::of(&facts(app, request), request.headers());
        Ok(Json(clients::token(app, &origin, body.0.credentials(request)?).await?))
    }
}
