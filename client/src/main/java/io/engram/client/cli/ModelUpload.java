package io.engram.client.cli;

import io.engram.client.rpc.RpcClient;
import io.engram.client.rpc.RpcHex;
import java.io.IOException;
import org.apache.tuweni.bytes.Bytes;

/** Hands a model file to a development node in pieces that each fit a request. */
final class ModelUpload {

    private static final int PIECE_BYTES = 4 << 20;

    private ModelUpload() {}

    /**
     * Uploads the file and has the node publish it.
     *
     * @throws RpcClient.RpcFailedException with the node's refusal; an unknown method where it is no development node
     */
    static void publish(RpcClient rpc, byte[] file) throws IOException, InterruptedException {
        String id =
                rpc.call("model_beginUpload", RpcHex.quantityText(file.length)).asText();
        for (int offset = 0; offset < file.length; offset += PIECE_BYTES) {
            Bytes piece = Bytes.wrap(file, offset, Math.min(PIECE_BYTES, file.length - offset));
            rpc.call("model_appendUpload", id, RpcHex.quantityText(offset), piece.toHexString());
        }
        rpc.call("model_publishUpload", id);
    }
}
