package io.engram.client.bench;

import io.engram.client.rpc.RpcAccount;

/** What the transactions of a load do, one after another. Used by one thread. */
@FunctionalInterface
interface LoadSource {

    RpcAccount.Action next();
}
