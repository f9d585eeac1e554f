package io.engram.client.dev;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.node.ModelUploads;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcParameters;
import io.engram.client.rpc.RpcRegistry;
import io.engram.inference.MalformedModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Publishing a model on a development network: model_publish, and for large files model_beginUpload and its kin. */
final class PublicationMethods {

    private final ModelPublisher publisher;
    private final ModelUploads uploads;

    /** @param maxModelBytes of one file */
    PublicationMethods(ModelPublisher publisher, long maxModelBytes) {
        this.publisher = publisher;
        this.uploads = new ModelUploads(maxModelBytes, System::nanoTime);
    }

    void register(RpcRegistry registry) {
        registry.execution(
                        "model_publish",
                        parameters -> publish(parameters.data(0, "model").toArray()))
                .execution(
                        "model_beginUpload", parameters -> RpcHex.data(uploads.begin(parameters.quantity(0, "bytes"))))
                .execution("model_appendUpload", this::append)
                .execution("model_publishUpload", parameters -> publish(uploads.take(parameters.hash(0, "upload"))));
    }

    private JsonNode append(RpcParameters parameters) {
        return RpcHex.quantity(uploads.append(
                parameters.hash(0, "upload"), parameters.quantity(1, "offset"), parameters.data(2, "data")));
    }

    /** The id of the model, which is active when this returns. */
    private JsonNode publish(byte[] file) {
        try {
            return RpcHex.data(publisher.publish(file).id());
        } catch (MalformedModelException e) {
            throw RpcException.invalidParameter("model", String.valueOf(e.getMessage()));
        } catch (PublicationRefusedException e) {
            throw new RpcException(
                    RpcErrorCode.EXECUTION_REVERTED, String.valueOf(e.getMessage()), Optional.of(e.revertData()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
