package io.engram.genesis.qbft;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** QBFT extra data as RLP: {@code [vanity, [validators], [] or [candidate, 0xff or empty], round, [seals]]}. */
public final class QbftExtraDataCodec {

    public static final int SEAL_SIZE = 65;

    private static final Bytes ADD = Bytes.of(0xff);

    private QbftExtraDataCodec() {}

    public static Bytes encode(QbftExtraData data) {
        return RlpWriter.list(out -> {
            out.hash(data.vanity());
            out.nested(data.validators(), RlpWriter::address);
            out.nested(vote -> data.vote().ifPresent(content -> {
                vote.address(content.candidate());
                vote.bytes(content.add() ? ADD : Bytes.EMPTY);
            }));
            out.scalar(data.round());
            out.nested(data.seals(), RlpWriter::bytes);
        });
    }

    public static QbftExtraData decode(Bytes encoded) throws RlpException {
        RlpReader in = RlpReader.ofList(encoded);
        Hash vanity = in.readHash();
        List<Address> validators = in.readList(RlpReader::readAddress);
        Optional<QbftExtraData.Vote> vote = readVote(in.readList());
        int round = in.readInt();
        List<Bytes> seals = in.readList(items -> items.readBytes(SEAL_SIZE));
        in.end();
        return new QbftExtraData(vanity, validators, vote, round, seals);
    }

    private static Optional<QbftExtraData.Vote> readVote(RlpReader in) throws RlpException {
        if (!in.hasNext()) {
            return Optional.empty();
        }
        Address candidate = in.readAddress();
        Bytes direction = in.readBytes();
        in.end();
        if (!direction.isEmpty() && !direction.equals(ADD)) {
            throw new RlpException("a vote is 0xff or empty, not " + direction);
        }
        return Optional.of(new QbftExtraData.Vote(candidate, !direction.isEmpty()));
    }
}
