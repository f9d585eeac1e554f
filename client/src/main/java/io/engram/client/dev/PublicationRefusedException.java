package io.engram.client.dev;

import io.engram.client.rpc.SystemContractError;
import org.apache.tuweni.bytes.Bytes;

/** The registry of models does not take a model. */
public final class PublicationRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Bytes revertData;

    /** @param revertData what the registry reverted with */
    PublicationRefusedException(Bytes revertData) {
        super("the registry refuses the model: "
                + SystemContractError.text(revertData).orElse(revertData.toHexString()));
        this.revertData = revertData;
    }

    /** What the registry reverted with. */
    public Bytes revertData() {
        return revertData;
    }
}
