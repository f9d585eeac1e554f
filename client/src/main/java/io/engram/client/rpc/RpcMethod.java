package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;

/** The work of one method. Called from many threads at once. */
@FunctionalInterface
public interface RpcMethod {

    /**
     * @return the result; {@link Json#none()} for null
     * @throws RpcException the error to answer with
     */
    JsonNode call(RpcParameters parameters);

    /** Where a method may run. */
    enum Cost {
        /** Constants and a few reads: on the event loop. */
        CHEAP,
        /** Runs EVM code, reads many blocks or waits: on a virtual thread, under the bound on executions. */
        EXECUTION
    }
}
