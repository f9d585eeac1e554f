/** JSON-RPC 2.0 over HTTP and WebSocket: transport, dispatch, and one class of handlers for each group of methods. */
@NullMarked
package io.engram.client.rpc;

import org.jspecify.annotations.NullMarked;
