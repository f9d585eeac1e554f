package io.engram.client.light;

import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.MerkleProof;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Proofs as RLP (docs/inference-spec.md, section 11). One proof has one encoding. */
public final class LightProofCodec {

    private static final int VERSION = 1;

    private LightProofCodec() {}

    public static Bytes encode(LightProof proof) {
        return RlpWriter.list(out -> {
            out.scalar(VERSION);
            BlockCodec.writeHeader(out, proof.genesis());
            out.nested(proof.trail(), BlockCodec::writeHeader);
            BlockCodec.writeHeader(out, proof.header());
            out.bytes(Bytes.wrap(proof.receipt().toBytes()));
            write(out, proof.receiptPath());
            out.bytes(Bytes.wrap(proof.step().toBytes()));
            write(out, proof.stepPath());
            out.nested(proof.chunks(), LightProofCodec::write);
        });
    }

    private static void write(RlpWriter out, MerkleProof proof) {
        out.nested(fields -> {
            fields.scalar(proof.index());
            fields.scalar(proof.size());
            fields.nested(proof.path(), RlpWriter::hash);
        });
    }

    private static void write(RlpWriter out, TensorChunk chunk) {
        out.nested(fields -> {
            fields.scalar(chunk.side().code());
            fields.scalar(chunk.position());
            fields.scalar(chunk.type().code());
            fields.nested(dimensions -> {
                for (int dimension : chunk.shape().toArray()) {
                    dimensions.scalar(dimension);
                }
            });
            fields.scalar(chunk.chunk());
            fields.bytes(chunk.data());
            fields.nested(chunk.path(), RlpWriter::hash);
        });
    }

    /** @throws RlpException when the bytes are no proof */
    public static LightProof decode(Bytes encoded) throws RlpException {
        if (encoded.size() > LightLimits.PROOF_BYTES) {
            throw new RlpException("more than " + LightLimits.PROOF_BYTES + " bytes");
        }
        RlpReader in = RlpReader.ofList(encoded);
        int version = in.readInt();
        if (version != VERSION) {
            throw new RlpException("version " + version + ", this program knows " + VERSION);
        }
        BlockHeader genesis = BlockCodec.readHeader(in);
        List<BlockHeader> trail = in.readList(LightLimits.TRAIL, BlockCodec::readHeader);
        BlockHeader header = BlockCodec.readHeader(in);
        InferenceReceipt receipt = require(
                InferenceReceipt.ofBytes(in.readBytes(InferenceReceipt.SIZE).toArray()), "inference receipt");
        MerkleProof receiptPath = readPath(in.readList());
        StepLeaf step = require(StepLeaf.ofBytes(in.readBytes().toArray()), "step leaf");
        MerkleProof stepPath = readPath(in.readList());
        List<TensorChunk> chunks = in.readList(LightLimits.CHUNKS, items -> readChunk(items.readList()));
        in.end();
        return new LightProof(genesis, trail, header, receipt, receiptPath, step, stepPath, chunks);
    }

    private static MerkleProof readPath(RlpReader in) throws RlpException {
        int index = in.readInt();
        int size = in.readInt();
        List<Hash> path = in.readList(LightLimits.PATH, RlpReader::readHash);
        in.end();
        return new MerkleProof(index, size, path);
    }

    private static TensorChunk readChunk(RlpReader in) throws RlpException {
        TensorChunk.Side side = require(TensorChunk.Side.ofCode(in.readInt()), "side of a step");
        int position = in.readInt();
        TensorType type = require(TensorType.ofCode(in.readInt()), "tensor type");
        Shape shape = readShape(in.readList());
        int chunk = in.readInt();
        Bytes data = in.readBytes();
        List<Hash> path = in.readList(LightLimits.PATH, RlpReader::readHash);
        in.end();
        return new TensorChunk(side, position, type, shape, chunk, data, path);
    }

    private static Shape readShape(RlpReader in) throws RlpException {
        List<Integer> dimensions = new ArrayList<>();
        while (in.hasNext() && dimensions.size() <= Shape.MAX_RANK) {
            dimensions.add(in.readInt());
        }
        int[] array = dimensions.stream().mapToInt(Integer::intValue).toArray();
        if (in.hasNext() || !Shape.isValid(array)) {
            throw new RlpException("no shape of a tensor: " + dimensions);
        }
        return Shape.of(array);
    }

    private static <T> T require(Optional<T> value, String what) throws RlpException {
        return value.orElseThrow(() -> new RlpException("not a canonical " + what));
    }
}
