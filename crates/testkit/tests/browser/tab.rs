//! A tab: what a person does with a page, and what the browser noted meanwhile.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use tokio::time::timeout;

use crate::chromium::Chromium;

/// Much longer than anything takes: what does not come must not hold up all tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// Resolves to the first element that fits, once there is one that is visible.
const APPEARS: &str = r"(selector) => new Promise(resolve => {
    const look = () => [...document.querySelectorAll(selector)].find(element => element.checkVisibility());
    const found = look();
    if (found) return resolve(found);
    const observer = new MutationObserver(() => {
        const found = look();
        if (found) { observer.disconnect(); resolve(found); }
    });
    observer.observe(document, {subtree: true, childList: true, attributes: true});
})";

/// A page that is open.
pub(crate) struct Tab {
    browser: Chromium,
    session: String,
}

impl Tab {
    /// A tab of its own in this browser.
    pub(crate) async fn new(mut browser: Chromium) -> Self {
        let blank = json!({"url": "about:blank"});
        let target = browser.command(None, "Target.createTarget", blank).await;
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = browser.command(None, "Target.attachToTarget", attach).await;
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        let mut tab = Self { browser, session };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.command(&format!("{domain}.enable"), json!({})).await;
        }
        tab.resize(1280, 900).await;
        tab
    }

    /// Has the browser end by itself, so that it leaves nothing behind.
    pub(crate) async fn close(self) {
        self.browser.close().await;
    }

    async fn command(&mut self, method: &str, parameters: Value) -> Value {
        let session = Some(self.session.as_str());
        self.browser.command(session, method, parameters).await
    }

    /// Opens a URL, and waits until it has loaded.
    pub(crate) async fn open(&mut self, url: &str) {
        // From an empty page, as another fragment of the same page would load nothing.
        for url in ["about:blank", url] {
            self.command("Page.navigate", json!({"url": url})).await;
            self.browser.event("Page.loadEventFired").await;
        }
    }

    /// The width and height of the window, in CSS pixels.
    pub(crate) async fn resize(&mut self, width: u32, height: u32) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.command("Emulation.setDeviceMetricsOverride", size)
            .await;
    }

    /// What the person has chosen in their system: `light` or `dark`.
    pub(crate) async fn prefer(&mut self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.command("Emulation.setEmulatedMedia", features).await;
    }

    /// The value of an expression, once it is settled.
    pub(crate) async fn evaluate(&mut self, expression: &str) -> Value {
        let how = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let Ok(mut answer) = timeout(PATIENCE, self.command("Runtime.evaluate", how)).await else {
            panic!("it never comes to {expression}\n{:#?}", self.complaints());
        };
        assert_eq!(answer["exceptionDetails"], Value::Null, "{expression}");
        answer["result"]["value"].take()
    }

    /// Waits for an element that can be seen, and answers what a function says of it.
    pub(crate) async fn look(&mut self, selector: &str, function: &str) -> Value {
        let expression = format!("({APPEARS})({}).then({function})", json!(selector));
        self.evaluate(&expression).await
    }

    /// The text of an element, as it is shown.
    pub(crate) async fn text(&mut self, selector: &str) -> String {
        let text = self.look(selector, "element => element.innerText").await;
        text.as_str().unwrap().to_owned()
    }

    /// Points at the middle of an element, once it stands still, and presses the button of the mouse. What lies above it
    /// would get the click.
    pub(crate) async fn click(&mut self, selector: &str) {
        let middle = r"async element => {
            element.scrollIntoView({block: 'center', behavior: 'instant'});
            for (let before = ''; ;) {
                const {x, y, width, height} = element.getBoundingClientRect();
                const middle = [x + width / 2, y + height / 2];
                if (before === `${middle}`) return middle;
                before = `${middle}`;
                await new Promise(requestAnimationFrame);
            }
        }";
        let middle = self.look(selector, middle).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": middle[0], "y": middle[1], "button": "left", "clickCount": 1});
            self.command("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Types a text into a field, in place of what is there.
    pub(crate) async fn fill(&mut self, selector: &str, text: &str) {
        self.click(selector).await;
        self.look(selector, "element => element.select()").await;
        self.command("Input.insertText", json!({"text": text}))
            .await;
    }

    /// Every URL that the page asked for, but for those that hold what they name.
    pub(crate) fn requests(&self) -> Vec<String> {
        let events = self.browser.reported("Network.requestWillBeSent");
        events
            .into_iter()
            .filter_map(|event| event["request"]["url"].as_str())
            .filter(|url| !url.starts_with("data:"))
            .map(str::to_owned)
            .collect()
    }

    /// What a developer would see in red: errors and warnings of the page, exceptions, and requests that failed.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let bad = |level: &Value| ["error", "assert"].map(Value::from).contains(level);
        let text = |event: &&Value| event.to_string();
        let of = |event: &str| self.browser.reported(event).into_iter();
        let said = of("Runtime.consoleAPICalled").filter(|call| bad(&call["type"]));
        let noted = of("Log.entryAdded").filter(|entry| bad(&entry["entry"]["level"]));
        let thrown = of("Runtime.exceptionThrown");
        let failed = of("Network.loadingFailed");
        let all = said.chain(noted).chain(thrown).chain(failed);
        all.map(|event| text(&event)).collect()
    }

    /// Writes what can be seen as a PNG, and makes its folder if need be.
    pub(crate) async fn photograph(&mut self, file: &Path) {
        let shot = self
            .command("Page.captureScreenshot", json!({"format": "png"}))
            .await;
        let bytes = STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
