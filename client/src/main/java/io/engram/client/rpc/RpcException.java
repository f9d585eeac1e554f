package io.engram.client.rpc;

import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** A JSON-RPC error on its way to the caller. Carries no stack trace: it is an answer, not a fault. */
public final class RpcException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RpcErrorCode code;
    private final transient Optional<Bytes> data;

    public RpcException(RpcErrorCode code) {
        this(code, code.text());
    }

    public RpcException(RpcErrorCode code, String message) {
        this(code, message, Optional.empty());
    }

    /** @param data becomes {@code error.data}, one hex string */
    public RpcException(RpcErrorCode code, String message, Optional<Bytes> data) {
        super(message, null, false, false);
        this.code = code;
        this.data = data;
    }

    /** Code −32602, naming the parameter. */
    public static RpcException invalidParameter(String name, String reason) {
        return new RpcException(RpcErrorCode.INVALID_PARAMS, "invalid parameter " + name + ": " + reason);
    }

    public RpcErrorCode code() {
        return code;
    }

    public Optional<Bytes> data() {
        return data;
    }
}
