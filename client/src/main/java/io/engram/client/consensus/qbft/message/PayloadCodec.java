package io.engram.client.consensus.qbft.message;

import io.engram.client.consensus.SignatureCodec;
import io.engram.client.consensus.qbft.message.Payload.CommitPayload;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.Payload.Prepared;
import io.engram.client.consensus.qbft.message.Payload.ProposalPayload;
import io.engram.client.consensus.qbft.message.Payload.RoundChangePayload;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Payloads as RLP, and the hash of one that is signed: keccak of {@code [code, payload]}. */
public final class PayloadCodec {

    private PayloadCodec() {}

    public static Bytes encode(Payload payload, WireEncoding encoding) {
        return RlpWriter.list(out -> {
            out.scalar(payload.at().height());
            out.scalar(payload.at().round());
            switch (payload) {
                case ProposalPayload proposal -> {
                    out.raw(BlockCodec.encode(proposal.block().block()));
                    writeAccessListSlot(out, encoding);
                }
                case PreparePayload prepare -> out.hash(prepare.digest());
                case CommitPayload commit -> {
                    out.hash(commit.digest());
                    out.bytes(commit.seal());
                }
                case RoundChangePayload change ->
                    out.nested(items -> change.prepared().ifPresent(prepared -> {
                        items.scalar(prepared.round());
                        items.hash(prepared.digest());
                    }));
            }
        });
    }

    /** What the author of a payload signs. */
    public static Hash signingHash(MessageKind kind, Bytes encodedPayload) {
        return Keccak256.hash(RlpWriter.list(out -> {
            out.scalar(kind.code());
            out.raw(encodedPayload);
        }));
    }

    static ProposalPayload readProposal(RlpReader in) throws RlpException {
        ConsensusRound at = readRound(in);
        BftBlock block = BftBlock.of(BlockCodec.readFrom(in));
        if (in.hasNext()) {
            readAccessListSlot(in);
        }
        in.end();
        return new ProposalPayload(at, block);
    }

    static PreparePayload readPrepare(RlpReader in) throws RlpException {
        PreparePayload prepare = new PreparePayload(readRound(in), in.readHash());
        in.end();
        return prepare;
    }

    static CommitPayload readCommit(RlpReader in) throws RlpException {
        CommitPayload commit = new CommitPayload(readRound(in), in.readHash(), in.readBytes(SignatureCodec.SIZE));
        in.end();
        return commit;
    }

    static RoundChangePayload readRoundChange(RlpReader in) throws RlpException {
        ConsensusRound at = readRound(in);
        RlpReader items = in.readList();
        Optional<Prepared> prepared = Optional.empty();
        if (items.hasNext()) {
            prepared = Optional.of(new Prepared(items.readInt(), items.readHash()));
            items.end();
        }
        in.end();
        return new RoundChangePayload(at, prepared);
    }

    static void writeAccessListSlot(RlpWriter out, WireEncoding encoding) {
        if (encoding == WireEncoding.ACCESS_LIST_SLOT) {
            out.bytes(Bytes.EMPTY);
        }
    }

    /** No fork of this client has block access lists, so the slot must be empty. */
    static void readAccessListSlot(RlpReader in) throws RlpException {
        if (!in.readBytes().isEmpty()) {
            throw new RlpException("a block access list, which no active fork has");
        }
    }

    private static ConsensusRound readRound(RlpReader in) throws RlpException {
        return new ConsensusRound(in.readLong(), in.readInt());
    }
}
