package io.engram.p2p.mdl;

import io.engram.genesis.Hash;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.p2p.mdl.MdlMessage.Attestations;
import io.engram.p2p.mdl.MdlMessage.Chunks;
import io.engram.p2p.mdl.MdlMessage.GetChunks;
import io.engram.p2p.mdl.MdlMessage.GetInferenceOutputs;
import io.engram.p2p.mdl.MdlMessage.GetInferenceReceipts;
import io.engram.p2p.mdl.MdlMessage.GetSteps;
import io.engram.p2p.mdl.MdlMessage.Held;
import io.engram.p2p.mdl.MdlMessage.InferenceOutputs;
import io.engram.p2p.mdl.MdlMessage.InferenceReceipts;
import io.engram.p2p.mdl.MdlMessage.Steps;
import io.engram.p2p.mdl.MdlMessage.Suspensions;
import io.engram.p2p.peer.WireException;
import java.util.List;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/**
 * Messages as RLP. Decoding ends in a message or in a {@link WireException}, accepts one encoding of each message, and keeps
 * the bounds of {@link MdlLimits}.
 */
final class MdlCodec {

    static final int STATUS = 0x00;

    private static final int HELD = 0x01;
    private static final int GET_CHUNKS = 0x02;
    private static final int CHUNKS = 0x03;
    private static final int ATTESTATIONS = 0x04;
    private static final int GET_INFERENCE_RECEIPTS = 0x05;
    private static final int INFERENCE_RECEIPTS = 0x06;
    private static final int GET_STEPS = 0x07;
    private static final int STEPS = 0x08;
    private static final int GET_INFERENCE_OUTPUTS = 0x09;
    private static final int INFERENCE_OUTPUTS = 0x0a;
    private static final int SUSPENSIONS = 0x0b;

    /** Message codes that the protocol takes up. */
    static final int MESSAGES = 0x0c;

    private MdlCodec() {}

    /** A message code and what follows it. */
    record Encoded(int code, Bytes payload) {}

    static Bytes encodeStatus(MdlStatus status) {
        return RlpWriter.list(out -> {
            out.hash(status.inferenceConfigHash());
            out.hash(status.activeRoot());
        });
    }

    static MdlStatus decodeStatus(Bytes payload) throws WireException {
        try {
            RlpReader in = reader(payload);
            MdlStatus status = new MdlStatus(in.readHash(), in.readHash());
            in.end();
            return status;
        } catch (RlpException e) {
            throw new WireException(e);
        }
    }

    static Encoded encode(MdlMessage message) {
        return switch (message) {
            case Held held ->
                new Encoded(HELD, RlpWriter.list(out -> {
                    out.hash(held.held().activeRoot());
                    out.nested(held.held().models().stream().sorted().toList(), RlpWriter::hash);
                }));
            case GetChunks get ->
                new Encoded(GET_CHUNKS, RlpWriter.list(out -> {
                    out.scalar(get.requestId());
                    out.hash(get.modelId());
                    out.scalar(get.first());
                    out.scalar(get.count());
                }));
            case Chunks chunks ->
                new Encoded(CHUNKS, RlpWriter.list(out -> {
                    out.scalar(chunks.requestId());
                    out.scalar(chunks.modelBytes());
                    out.nested(chunks.items(), MdlCodec::writeChunk);
                }));
            case Attestations attestations ->
                new Encoded(ATTESTATIONS, RlpWriter.list(out -> {
                    out.hash(attestations.modelId());
                    out.nested(attestations.signatures(), RlpWriter::bytes);
                }));
            case Suspensions suspensions ->
                new Encoded(SUSPENSIONS, RlpWriter.list(out -> {
                    out.hash(suspensions.modelId());
                    out.scalar(suspensions.suspended() ? 1 : 0);
                    out.scalar(suspensions.nonce());
                    out.nested(suspensions.signatures(), RlpWriter::bytes);
                }));
            case GetInferenceReceipts get ->
                new Encoded(GET_INFERENCE_RECEIPTS, RlpWriter.list(out -> {
                    out.scalar(get.requestId());
                    out.hash(get.blockHash());
                }));
            case InferenceReceipts receipts -> new Encoded(INFERENCE_RECEIPTS, strings(receipts));
            case GetSteps get ->
                new Encoded(GET_STEPS, RlpWriter.list(out -> {
                    out.scalar(get.requestId());
                    out.hash(get.blockHash());
                    out.scalar(get.inference());
                }));
            case Steps steps -> new Encoded(STEPS, strings(steps));
            case GetInferenceOutputs get ->
                new Encoded(GET_INFERENCE_OUTPUTS, RlpWriter.list(out -> {
                    out.scalar(get.requestId());
                    out.hash(get.blockHash());
                }));
            case InferenceOutputs outputs -> new Encoded(INFERENCE_OUTPUTS, strings(outputs));
        };
    }

    private static Bytes strings(MdlMessage.Response response) {
        return RlpWriter.list(out -> {
            out.scalar(response.requestId());
            out.nested(items -> response.items().forEach(item -> items.bytes((Bytes) item)));
        });
    }

    private static void writeChunk(RlpWriter out, ModelChunk chunk) {
        out.nested(fields -> {
            fields.bytes(chunk.data());
            fields.nested(chunk.path(), RlpWriter::hash);
        });
    }

    static MdlMessage decode(int code, Bytes payload) throws WireException {
        try {
            RlpReader in = reader(payload);
            MdlMessage message = read(code, in);
            in.end();
            return message;
        } catch (RlpException e) {
            throw new WireException(e);
        }
    }

    private static RlpReader reader(Bytes payload) throws WireException, RlpException {
        if (payload.size() > MdlLimits.MESSAGE_BYTES) {
            throw new WireException("message of " + payload.size() + " bytes");
        }
        return RlpReader.ofList(payload);
    }

    private static MdlMessage read(int code, RlpReader in) throws RlpException, WireException {
        return switch (code) {
            case HELD -> new Held(readHeld(in));
            case GET_CHUNKS -> readGetChunks(in);
            case CHUNKS -> new Chunks(in.readLong(), in.readLong(), in.readList(MdlLimits.CHUNKS, MdlCodec::readChunk));
            case ATTESTATIONS -> new Attestations(in.readHash(), readSignatures(in));
            case SUSPENSIONS -> new Suspensions(in.readHash(), readFlag(in), in.readLong(), readSignatures(in));
            case GET_INFERENCE_RECEIPTS -> new GetInferenceReceipts(in.readLong(), in.readHash());
            case INFERENCE_RECEIPTS ->
                new InferenceReceipts(
                        in.readLong(),
                        in.readList(
                                MdlLimits.INFERENCE_RECEIPTS,
                                item -> item.readBytes(MdlLimits.INFERENCE_RECEIPT_BYTES)));
            case GET_STEPS -> new GetSteps(in.readLong(), in.readHash(), in.readInt());
            case STEPS -> new Steps(in.readLong(), in.readList(MdlLimits.STEPS, MdlCodec::readStep));
            case GET_INFERENCE_OUTPUTS -> new GetInferenceOutputs(in.readLong(), in.readHash());
            case INFERENCE_OUTPUTS -> readOutputs(in);
            default -> throw new WireException("no message has code " + code);
        };
    }

    private static InferenceOutputs readOutputs(RlpReader in) throws RlpException {
        InferenceOutputs outputs = new InferenceOutputs(
                in.readLong(),
                in.readList(MdlLimits.INFERENCE_RECEIPTS, item -> bounded(item, MdlLimits.OUTPUT_BYTES)));
        long bytes = outputs.items().stream().mapToLong(Bytes::size).sum();
        if (bytes > MdlLimits.OUTPUT_BYTES) {
            throw new RlpException("outputs of " + bytes + " bytes");
        }
        return outputs;
    }

    private static List<Bytes> readSignatures(RlpReader in) throws RlpException {
        return in.readList(MdlLimits.SIGNATURES, item -> item.readBytes(MdlLimits.SIGNATURE_BYTES));
    }

    private static boolean readFlag(RlpReader in) throws RlpException {
        int value = in.readInt();
        if (value != 0 && value != 1) {
            throw new RlpException("a flag of " + value);
        }
        return value == 1;
    }

    private static HeldModels readHeld(RlpReader in) throws RlpException {
        Hash activeRoot = in.readHash();
        List<Hash> models = in.readList(MdlLimits.HELD, RlpReader::readHash);
        for (int i = 1; i < models.size(); i++) {
            if (models.get(i - 1).compareTo(models.get(i)) >= 0) {
                throw new RlpException("models are not in ascending order");
            }
        }
        return new HeldModels(activeRoot, Set.copyOf(models));
    }

    private static GetChunks readGetChunks(RlpReader in) throws RlpException {
        GetChunks get = new GetChunks(in.readLong(), in.readHash(), in.readInt(), in.readInt());
        if (get.count() < 1 || get.count() > MdlLimits.CHUNKS) {
            throw new RlpException("a request for " + get.count() + " chunks");
        }
        return get;
    }

    private static ModelChunk readChunk(RlpReader in) throws RlpException {
        RlpReader fields = in.readList();
        ModelChunk chunk = new ModelChunk(
                bounded(fields, MdlLimits.CHUNK_BYTES), fields.readList(MdlLimits.PATH, RlpReader::readHash));
        fields.end();
        return chunk;
    }

    private static Bytes readStep(RlpReader in) throws RlpException {
        return bounded(in, MdlLimits.STEP_BYTES);
    }

    private static Bytes bounded(RlpReader in, int max) throws RlpException {
        Bytes bytes = in.readBytes();
        if (bytes.isEmpty() || bytes.size() > max) {
            throw new RlpException("an item of " + bytes.size() + " bytes");
        }
        return bytes;
    }
}
