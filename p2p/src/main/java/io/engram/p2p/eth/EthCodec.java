package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionCodec;
import io.engram.genesis.transaction.TransactionType;
import io.engram.p2p.eth.EthMessage.BlockAnnouncement;
import io.engram.p2p.eth.EthMessage.BlockBodies;
import io.engram.p2p.eth.EthMessage.BlockHeaders;
import io.engram.p2p.eth.EthMessage.BlockRangeUpdate;
import io.engram.p2p.eth.EthMessage.GetBlockBodies;
import io.engram.p2p.eth.EthMessage.GetBlockHeaders;
import io.engram.p2p.eth.EthMessage.GetPooledTransactions;
import io.engram.p2p.eth.EthMessage.GetReceipts;
import io.engram.p2p.eth.EthMessage.NewBlock;
import io.engram.p2p.eth.EthMessage.NewBlockHashes;
import io.engram.p2p.eth.EthMessage.NewPooledTransactionHashes;
import io.engram.p2p.eth.EthMessage.PooledTransactions;
import io.engram.p2p.eth.EthMessage.Receipts;
import io.engram.p2p.eth.EthMessage.TransactionAnnouncement;
import io.engram.p2p.eth.EthMessage.Transactions;
import io.engram.p2p.peer.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Messages as RLP. Decoding ends in a message or in a {@link WireException}, and keeps the counts of {@link EthLimits}. */
final class EthCodec {

    static final int STATUS = 0x00;

    private static final int NEW_BLOCK_HASHES = 0x01;
    private static final int TRANSACTIONS = 0x02;
    private static final int GET_BLOCK_HEADERS = 0x03;
    private static final int BLOCK_HEADERS = 0x04;
    private static final int GET_BLOCK_BODIES = 0x05;
    private static final int BLOCK_BODIES = 0x06;
    private static final int NEW_BLOCK = 0x07;
    private static final int NEW_POOLED_TRANSACTION_HASHES = 0x08;
    private static final int GET_POOLED_TRANSACTIONS = 0x09;
    private static final int POOLED_TRANSACTIONS = 0x0a;
    private static final int GET_RECEIPTS = 0x0f;
    private static final int RECEIPTS = 0x10;
    private static final int BLOCK_RANGE_UPDATE = 0x11;

    private EthCodec() {}

    /** A message code and what follows it. */
    record Encoded(int code, Bytes payload) {}

    static Bytes encodeStatus(Status status) {
        return RlpWriter.list(out -> {
            out.scalar(status.version().number());
            out.scalar(status.networkId());
            if (status.version() == EthVersion.ETH68) {
                out.scalar(status.totalDifficulty().orElseThrow());
                out.hash(status.head());
            }
            out.hash(status.genesis());
            status.forkId().writeTo(out);
            if (status.version() == EthVersion.ETH69) {
                writeRange(out, status.range().orElseThrow());
            }
        });
    }

    static Status decodeStatus(EthVersion version, Bytes payload) throws WireException {
        try {
            RlpReader in = RlpReader.ofList(payload);
            int number = in.readInt();
            if (number != version.number()) {
                throw new WireException("Status of eth/" + number + " in a session of eth/" + version.number());
            }
            long networkId = in.readUnsignedLong();
            Optional<UInt256> difficulty = Optional.empty();
            Hash head = Hash.ZERO;
            if (version == EthVersion.ETH68) {
                difficulty = Optional.of(in.readUInt256());
                head = in.readHash();
            }
            Hash genesis = in.readHash();
            ForkId forkId = ForkId.readFrom(in);
            Optional<BlockRange> range = Optional.empty();
            if (version == EthVersion.ETH69) {
                range = Optional.of(readRange(in));
                head = range.get().latestHash();
            }
            in.end();
            return new Status(version, networkId, difficulty, genesis, forkId, range, head);
        } catch (RlpException e) {
            throw new WireException(e);
        }
    }

    static Encoded encode(EthVersion version, EthMessage message) {
        return switch (message) {
            case NewBlockHashes hashes ->
                new Encoded(
                        NEW_BLOCK_HASHES,
                        RlpWriter.list(out -> hashes.blocks()
                                .forEach(block -> out.nested(fields -> {
                                    fields.hash(block.hash());
                                    fields.scalar(block.number());
                                }))));
            case Transactions sent ->
                new Encoded(
                        TRANSACTIONS,
                        RlpWriter.list(
                                out -> sent.transactions().forEach(each -> TransactionCodec.writeTo(out, each))));
            case GetBlockHeaders get ->
                new Encoded(
                        GET_BLOCK_HEADERS,
                        request(
                                get.requestId(),
                                out -> out.nested(query -> {
                                    switch (get.start()) {
                                        case BlockStart.ByHash start -> query.hash(start.hash());
                                        case BlockStart.ByNumber start -> query.scalar(start.number());
                                    }
                                    query.scalar(get.limit());
                                    query.scalar(get.skip());
                                    query.scalar(get.reverse() ? 1 : 0);
                                })));
            case BlockHeaders headers ->
                new Encoded(
                        BLOCK_HEADERS,
                        request(headers.requestId(), out -> out.nested(headers.items(), BlockCodec::writeHeader)));
            case GetBlockBodies get -> new Encoded(GET_BLOCK_BODIES, hashes(get.requestId(), get.hashes()));
            case BlockBodies bodies ->
                new Encoded(
                        BLOCK_BODIES,
                        request(bodies.requestId(), out -> out.nested(bodies.items(), BlockCodec::writeBody)));
            case NewBlock block ->
                new Encoded(NEW_BLOCK, RlpWriter.list(out -> {
                    BlockCodec.writeTo(out, block.block());
                    out.scalar(block.totalDifficulty());
                }));
            case NewPooledTransactionHashes pooled ->
                new Encoded(NEW_POOLED_TRANSACTION_HASHES, announcements(pooled.transactions()));
            case GetPooledTransactions get ->
                new Encoded(GET_POOLED_TRANSACTIONS, hashes(get.requestId(), get.hashes()));
            case PooledTransactions pooled ->
                new Encoded(
                        POOLED_TRANSACTIONS,
                        request(pooled.requestId(), out -> out.nested(pooled.items(), TransactionCodec::writeTo)));
            case GetReceipts get -> new Encoded(GET_RECEIPTS, hashes(get.requestId(), get.hashes()));
            case Receipts receipts ->
                new Encoded(
                        RECEIPTS,
                        request(
                                receipts.requestId(),
                                out -> out.nested(
                                        receipts.items(),
                                        (blocks, block) -> blocks.nested(
                                                block,
                                                (list, receipt) -> WireReceipts.write(list, version, receipt)))));
            case BlockRangeUpdate update ->
                new Encoded(BLOCK_RANGE_UPDATE, RlpWriter.list(out -> writeRange(out, update.range())));
        };
    }

    static EthMessage decode(EthVersion version, int code, Bytes payload) throws WireException {
        if (payload.size() > EthLimits.MESSAGE_BYTES) {
            throw new WireException("message of " + payload.size() + " bytes");
        }
        try {
            RlpReader in = RlpReader.ofList(payload);
            EthMessage message = read(version, code, in);
            in.end();
            return message;
        } catch (RlpException e) {
            throw new WireException(e);
        }
    }

    private static EthMessage read(EthVersion version, int code, RlpReader in) throws RlpException, WireException {
        return switch (code) {
            case NEW_BLOCK_HASHES -> new NewBlockHashes(rest(in, EthLimits.ANNOUNCEMENTS, EthCodec::readAnnouncement));
            case TRANSACTIONS -> new Transactions(rest(in, EthLimits.TRANSACTIONS, EthCodec::readPlainTransaction));
            case GET_BLOCK_HEADERS -> readGetBlockHeaders(in);
            case BLOCK_HEADERS ->
                new BlockHeaders(in.readUnsignedLong(), in.readList(EthLimits.HEADERS, BlockCodec::readHeader));
            case GET_BLOCK_BODIES ->
                new GetBlockBodies(in.readUnsignedLong(), in.readList(EthLimits.BODIES, RlpReader::readHash));
            case BLOCK_BODIES ->
                new BlockBodies(in.readUnsignedLong(), in.readList(EthLimits.BODIES, BlockCodec::readBody));
            case NEW_BLOCK -> new NewBlock(BlockCodec.readFrom(in), in.readUInt256());
            case NEW_POOLED_TRANSACTION_HASHES -> readAnnouncements(in);
            case GET_POOLED_TRANSACTIONS ->
                new GetPooledTransactions(
                        in.readUnsignedLong(), in.readList(EthLimits.POOLED_TRANSACTIONS, RlpReader::readHash));
            case POOLED_TRANSACTIONS ->
                new PooledTransactions(
                        in.readUnsignedLong(),
                        in.readList(EthLimits.POOLED_TRANSACTIONS, EthCodec::readPlainTransaction));
            case GET_RECEIPTS ->
                new GetReceipts(in.readUnsignedLong(), in.readList(EthLimits.RECEIPTS, RlpReader::readHash));
            case RECEIPTS ->
                new Receipts(
                        in.readUnsignedLong(),
                        in.readList(
                                EthLimits.RECEIPTS,
                                blocks -> blocks.readList(
                                        EthLimits.BLOCK_TRANSACTIONS, list -> WireReceipts.read(list, version))));
            case BLOCK_RANGE_UPDATE -> new BlockRangeUpdate(readRange(in));
            default -> throw new WireException("no message has code " + code);
        };
    }

    private static Bytes request(long id, Consumer<RlpWriter> content) {
        return RlpWriter.list(out -> {
            out.scalar(id);
            content.accept(out);
        });
    }

    private static Bytes hashes(long id, List<Hash> hashes) {
        return request(id, out -> out.nested(hashes, RlpWriter::hash));
    }

    /** The items up to the end of the list that {@code in} stands in. */
    private static <T> List<T> rest(RlpReader in, int max, RlpReader.Element<T> element) throws RlpException {
        List<T> items = new ArrayList<>();
        while (in.hasNext()) {
            if (items.size() == max) {
                throw new RlpException("more than " + max + " items");
            }
            items.add(element.read(in));
        }
        return List.copyOf(items);
    }

    private static BlockAnnouncement readAnnouncement(RlpReader in) throws RlpException {
        RlpReader fields = in.readList();
        BlockAnnouncement announcement = new BlockAnnouncement(fields.readHash(), fields.readLong());
        fields.end();
        return announcement;
    }

    /** Blob transactions travel with their blobs, on request only; this node asks for none. */
    private static Transaction readPlainTransaction(RlpReader in) throws RlpException {
        Transaction transaction = TransactionCodec.readFrom(in);
        if (transaction.type() == TransactionType.BLOB) {
            throw new RlpException("a blob transaction that nobody asked for");
        }
        return transaction;
    }

    private static GetBlockHeaders readGetBlockHeaders(RlpReader in) throws RlpException {
        long id = in.readUnsignedLong();
        RlpReader query = in.readList();
        BlockStart start = readStart(query.readBytes());
        long limit = query.readUnsignedLong();
        long skip = query.readUnsignedLong();
        int reverse = query.readInt();
        if (reverse > 1) {
            throw new RlpException("neither true nor false: " + reverse);
        }
        query.end();
        int bounded = Long.compareUnsigned(limit, EthLimits.HEADERS) < 0 ? (int) limit : EthLimits.HEADERS;
        return new GetBlockHeaders(id, start, bounded, skip, reverse == 1);
    }

    private static BlockStart readStart(Bytes origin) throws RlpException {
        if (origin.size() == Hash.SIZE) {
            return new BlockStart.ByHash(Hash.of(origin));
        }
        if (origin.size() > Long.BYTES || (!origin.isEmpty() && origin.get(0) == 0)) {
            throw new RlpException("neither a hash nor a block number");
        }
        long number = origin.toLong();
        if (number < 0) {
            throw new RlpException("a block number beyond 63 bits");
        }
        return new BlockStart.ByNumber(number);
    }

    /** Types as one string, sizes, hashes: three columns of one length (eth/68). */
    private static Bytes announcements(List<TransactionAnnouncement> transactions) {
        byte[] types = new byte[transactions.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = (byte) transactions.get(i).type();
        }
        return RlpWriter.list(out -> {
            out.bytes(Bytes.wrap(types));
            out.nested(transactions, (sizes, each) -> sizes.scalar(each.size()));
            out.nested(transactions, (hashes, each) -> hashes.hash(each.hash()));
        });
    }

    private static NewPooledTransactionHashes readAnnouncements(RlpReader in) throws RlpException {
        Bytes types = in.readBytes();
        List<Integer> sizes = in.readList(EthLimits.ANNOUNCEMENTS, RlpReader::readInt);
        List<Hash> hashes = in.readList(EthLimits.ANNOUNCEMENTS, RlpReader::readHash);
        if (types.size() != hashes.size() || sizes.size() != hashes.size()) {
            throw new RlpException("columns of different lengths");
        }
        List<TransactionAnnouncement> transactions = new ArrayList<>();
        for (int i = 0; i < hashes.size(); i++) {
            transactions.add(new TransactionAnnouncement(types.get(i) & 0xff, sizes.get(i), hashes.get(i)));
        }
        return new NewPooledTransactionHashes(List.copyOf(transactions));
    }

    private static void writeRange(RlpWriter out, BlockRange range) {
        out.scalar(range.earliest());
        out.scalar(range.latest());
        out.hash(range.latestHash());
    }

    private static BlockRange readRange(RlpReader in) throws RlpException {
        BlockRange range = new BlockRange(in.readLong(), in.readLong(), in.readHash());
        if (range.earliest() > range.latest()) {
            throw new RlpException("a range that ends before it begins");
        }
        return range;
    }
}
