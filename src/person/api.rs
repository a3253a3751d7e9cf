//! The doors of an account. Owns their addresses and answers; each hands on to the step named in it.

use poem::http::HeaderMap;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use super::session::{Opened, Origin, no_cookie};
use super::shapes::{
    AccountChange, CheckWanted, CodeSent, CodeWanted, Me, MobileChange, NewPassword, NewProof, PasswordChange, Proof, RecoverySent,
    RecoveryWanted, SessionList, SignIn, SignUp, TotpCode, TotpSecret,
};
use super::{account, codes, device, lost, proofs, recovery, session, sign_in, sign_up, step_up};
use crate::app::App;
use crate::court::caller::{Caller, RequestFacts};
use crate::error::Result;
use crate::kit::answer::{Accepted, Created, NoContent, accepted, created};

/// 200 with the session's cookie.
#[derive(ApiResponse)]
enum SignedIn {
    /// 已登录 · Signed in; the cookie's value is also the bearer token of software
    #[oai(status = 200)]
    In(Json<Me>, #[oai(header = "Set-Cookie")] String),
}

/// 201 with the session's cookie.
#[derive(ApiResponse)]
enum SignedUp {
    /// 已注册 · The account is made and signed in
    #[oai(status = 201)]
    Up(Json<Me>, #[oai(header = "Set-Cookie")] String),
}

/// 204 with a cookie set or taken away.
#[derive(ApiResponse)]
enum CookieSet {
    /// 已办 · Done; go on with the new cookie
    #[oai(status = 204)]
    Set(#[oai(header = "Set-Cookie")] String),
}

/// The doors.
pub struct AccountApi;

impl AccountApi {
    async fn me_of(&self, app: &App, person: Uuid, opened: &Opened) -> Result<Me> {
        account::me(app, person, opened.second_factor, opened.expires_at).await
    }

    async fn me(&self, app: &App, caller: &Caller) -> Result<Me> {
        account::me(app, caller.person(), caller.session.second_factor, caller.session.expires_at).await
    }
}

#[OpenApi]
impl AccountApi {
    /// 发验证码. The answer is the same whether or not the number is known.
    #[oai(path = "/account/codes", method = "post", operation_id = "send_code")]
    async fn send_code(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        headers: &HeaderMap,
        body: Json<CodeWanted>,
    ) -> Result<Accepted<CodeSent>> {
        Ok(accepted(codes::request(app, &Origin::of(facts, headers), &body.0).await?))
    }

    /// 注册.
    #[oai(path = "/account/sign-up", method = "post", operation_id = "sign_up")]
    async fn sign_up(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        headers: &HeaderMap,
        jar: &CookieJar,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<SignUp>,
    ) -> Result<SignedUp> {
        let (person, opened) = sign_up::sign_up(app, &Origin::of(facts, headers), key.0, body.0).await?;
        device::mark(app, jar, person)?;
        Ok(SignedUp::Up(Json(self.me_of(app, person, &opened).await?), opened.cookie(app)))
    }

    /// 登录, by any number with password or code.
    #[oai(path = "/account/sign-in", method = "post", operation_id = "sign_in")]
    async fn sign_in(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        headers: &HeaderMap,
        jar: &CookieJar,
        body: Json<SignIn>,
    ) -> Result<SignedIn> {
        let mark = device::shown(app, jar);
        let (person, opened) = sign_in::sign_in(app, &Origin::of(facts, headers), mark.as_deref(), &body.0).await?;
        device::mark(app, jar, person)?;
        Ok(SignedIn::In(Json(self.me_of(app, person, &opened).await?), opened.cookie(app)))
    }

    /// 退出登录.
    #[oai(path = "/account/sign-out", method = "post", operation_id = "sign_out")]
    async fn sign_out(&self, Data(app): Data<&App>, caller: Caller) -> Result<CookieSet> {
        let mut mine = app.door.mine(&caller, "account:sign_out").await?;
        session::revoke(&mut mine, caller.person(), caller.session.session_id).await?;
        mine.commit(format!("session:{}", caller.session.session_id), serde_json::json!({})).await?;
        app.sessions.forget(&caller.session.token_hash).await;
        Ok(CookieSet::Set(no_cookie(app)))
    }

    /// 我的账号.
    #[oai(path = "/account", method = "get", operation_id = "get_account")]
    async fn get(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<Me>> {
        Ok(Json(self.me(app, &caller).await?))
    }

    /// 修改联系邮箱和界面设置.
    #[oai(path = "/account", method = "patch", operation_id = "change_account")]
    async fn change(&self, Data(app): Data<&App>, caller: Caller, body: Json<AccountChange>) -> Result<Json<Me>> {
        account::change(app, &caller, &body.0).await?;
        Ok(Json(self.me(app, &caller).await?))
    }

    /// 添加身份凭证.
    #[oai(path = "/account/proofs", method = "post", operation_id = "claim_proof")]
    async fn claim(
        &self,
        Data(app): Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<Uuid>>,
        body: Json<NewProof>,
    ) -> Result<Created<Proof>> {
        Ok(created(proofs::claim(app, &caller, key.0, &body.0).await?))
    }

    /// 联网核验身份凭证. By face: open `check_url`, then call again.
    #[oai(path = "/account/proofs/:proof/check", method = "post", operation_id = "check_proof")]
    async fn check(&self, Data(app): Data<&App>, caller: Caller, proof: Path<Uuid>, body: Json<CheckWanted>) -> Result<Json<Proof>> {
        Ok(Json(proofs::check(app, &caller, proof.0, body.0.method).await?))
    }

    /// 修改密码. Every other session ends; this one goes on under a new cookie.
    #[oai(path = "/account/password", method = "post", operation_id = "change_password")]
    async fn password(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        headers: &HeaderMap,
        caller: Caller,
        body: Json<PasswordChange>,
    ) -> Result<CookieSet> {
        let opened = account::change_password(app, &caller, &Origin::of(facts, headers), &body.0).await?;
        Ok(CookieSet::Set(opened.cookie(app)))
    }

    /// 换手机号: proved by a code sent to the new number and by the password. Every other session ends.
    #[oai(path = "/account/mobile", method = "post", operation_id = "change_mobile")]
    async fn mobile(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        headers: &HeaderMap,
        caller: Caller,
        body: Json<MobileChange>,
    ) -> Result<CookieSet> {
        let opened = lost::change_mobile(app, &caller, &Origin::of(facts, headers), &body.0).await?;
        Ok(CookieSet::Set(opened.cookie(app)))
    }

    /// 找回密码: a link by SMS, if there is such an account. The answer is the same for every number.
    #[oai(path = "/account/recovery", method = "post", operation_id = "recover")]
    async fn recover(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        headers: &HeaderMap,
        body: Json<RecoveryWanted>,
    ) -> Result<Accepted<RecoverySent>> {
        let minutes = recovery::request(app, &Origin::of(facts, headers), &body.0.identifier).await?;
        Ok(accepted(RecoverySent { expires_in_minutes: minutes }))
    }

    /// 凭一次性链接设密码; activates a staff account.
    #[oai(path = "/account/recovery/:token", method = "post", operation_id = "redeem_link")]
    async fn redeem(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        headers: &HeaderMap,
        #[oai(validator(max_length = 100))] token: Path<String>,
        body: Json<NewPassword>,
    ) -> Result<NoContent> {
        recovery::redeem(app, &Origin::of(facts, headers), &token.0, &body.0.password).await?;
        Ok(NoContent::NoContent)
    }

    /// 启用动态口令, first step: the secret.
    #[oai(path = "/account/totp", method = "post", operation_id = "set_up_totp")]
    async fn set_up_totp(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<TotpSecret>> {
        Ok(Json(account::set_up_totp(app, &caller).await?))
    }

    /// 启用动态口令, second step: a code of it. The session goes on under a new cookie.
    #[oai(path = "/account/totp/confirm", method = "post", operation_id = "confirm_totp")]
    async fn confirm_totp(
        &self,
        Data(app): Data<&App>,
        Data(facts): Data<&RequestFacts>,
        headers: &HeaderMap,
        caller: Caller,
        body: Json<TotpCode>,
    ) -> Result<CookieSet> {
        let opened = account::confirm_totp(app, &caller, &Origin::of(facts, headers), &body.0.code).await?;
        Ok(CookieSet::Set(opened.cookie(app)))
    }

    /// 再次确认身份: for five minutes, grave acts need no more than the session. `session.step_up_needed` asks for it.
    #[oai(path = "/account/step-up", method = "post", operation_id = "step_up")]
    async fn step_up(&self, Data(app): Data<&App>, caller: Caller, body: Json<TotpCode>) -> Result<NoContent> {
        step_up::confirm(app, &caller, &body.0.code).await?;
        Ok(NoContent::NoContent)
    }

    /// 我的登录.
    #[oai(path = "/account/sessions", method = "get", operation_id = "list_sessions")]
    async fn sessions(&self, Data(app): Data<&App>, caller: Caller) -> Result<Json<SessionList>> {
        Ok(Json(account::sessions(app, &caller).await?))
    }

    /// 结束一处登录, at once.
    #[oai(path = "/account/sessions/:session", method = "delete", operation_id = "end_session")]
    async fn end_session(&self, Data(app): Data<&App>, caller: Caller, session: Path<Uuid>) -> Result<NoContent> {
        account::end_session(app, &caller, session.0).await?;
        Ok(NoContent::NoContent)
    }
}
