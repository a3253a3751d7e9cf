//! The identity register's promises.

use serde_json::json;

use crate::kit::{Sim, client, control, json as body_of, post_signed};

#[tokio::test]
async fn well_formed_numbers_match_unless_listed() {
    let sim = Sim::start(&["identity"]);
    let ask = json!({"kind": "organisation", "number": "91370102MA0000007F", "name": "山东鲁辰物流有限公司"});
    let checked = body_of(post_signed(&sim, "/v1/registry/checks", &ask, "n1").await).await;
    assert_eq!(checked["result"], "match");
    control(&sim, json!({"numbers": [{"number": "91370102ma0000007f", "result": "unknown"}]})).await;
    let checked = body_of(post_signed(&sim, "/v1/registry/checks", &ask, "n2").await).await;
    assert_eq!(checked["result"], "unknown");
    control(&sim, json!({"fail_next": 1, "mode": "500"})).await;
    assert_eq!(post_signed(&sim, "/v1/registry/checks", &ask, "n3").await.status(), 500);
    assert!(sim.stop());
}

#[tokio::test]
async fn a_face_session_waits_for_its_page() {
    let sim = Sim::start(&["identity"]);
    let ask = json!({"number": "370102189901010016", "name": "赵文博", "return_url": "http://127.0.0.1/back"});
    let begun = post_signed(&sim, "/v1/face/sessions", &ask, "n1").await;
    assert_eq!(begun.status(), 201);
    let begun = body_of(begun).await;
    let url = begun["url"].as_str().unwrap();
    assert_eq!(client().get(url).send().await.unwrap().status(), 200);
    let decided = client().post(url).body(r#"{"passed":true}"#).send().await.unwrap();
    assert_eq!(body_of(decided).await["state"], "passed");
    assert_eq!(client().post(url).body(r#"{"passed":false}"#).send().await.unwrap().status(), 404);
}
