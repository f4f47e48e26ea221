//! The one way in which the generated clients send: each has a `Client` type of its own, all do the same here.

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::{Request, Response};

use crate::{Session, admin, answer, dev, graph_beta};

/// `Custom` means a failed token and nothing else: [`crate::Error`] relies on that.
async fn prepare<E>(session: &Session, request: &mut Request) -> Result<(), Error<E>> {
    session.prepare(request).await.map_err(Error::Custom)
}

impl ClientHooks<Session> for graph_beta::Client {
    async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
        prepare(self.inner(), request).await
    }

    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        answer::exec(self.client(), request).await
    }

    async fn post<E>(
        &self,
        result: &reqwest::Result<Response>,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        answer::check(result)
    }
}

impl ClientHooks<Session> for admin::Client {
    async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
        prepare(self.inner(), request).await
    }

    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        answer::exec(self.client(), request).await
    }

    async fn post<E>(
        &self,
        result: &reqwest::Result<Response>,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        answer::check(result)
    }
}

impl ClientHooks<Session> for dev::Client {
    async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
        prepare(self.inner(), request).await
    }

    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        answer::exec(self.client(), request).await
    }

    async fn post<E>(
        &self,
        result: &reqwest::Result<Response>,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        answer::check(result)
    }
}
