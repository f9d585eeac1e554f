package io.engram.genesis.block;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionCodec;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Headers, bodies and blocks of every fork as RLP. The fields that forks added follow in their order; decoding accepts
 * any number of them, as only the fork schedule knows how many there must be.
 */
public final class BlockCodec {

    private BlockCodec() {}

    public static Bytes encodeHeader(BlockHeader header) {
        return RlpWriter.list(out -> writeHeaderFields(out, header));
    }

    public static BlockHeader decodeHeader(Bytes encoded) throws RlpException {
        return readHeaderFields(RlpReader.ofList(encoded));
    }

    /** {@code [transactions, ommers]} or {@code [transactions, ommers, withdrawals]}. */
    public static Bytes encodeBody(BlockBody body) {
        return RlpWriter.list(out -> writeBodyFields(out, body));
    }

    public static BlockBody decodeBody(Bytes encoded) throws RlpException {
        return readBodyFields(RlpReader.ofList(encoded));
    }

    /** {@code [header, transactions, ommers]} or {@code [header, transactions, ommers, withdrawals]}. */
    public static Bytes encode(Block block) {
        return RlpWriter.list(out -> {
            writeHeader(out, block.header());
            writeBodyFields(out, block.body());
        });
    }

    public static Block decode(Bytes encoded) throws RlpException {
        return readBlockFields(RlpReader.ofList(encoded));
    }

    /** Reads the next block of a sequence, such as an export file. */
    public static Block readFrom(RlpReader in) throws RlpException {
        return readBlockFields(in.readList());
    }

    public static void writeHeader(RlpWriter out, BlockHeader header) {
        out.nested(fields -> writeHeaderFields(fields, header));
    }

    public static BlockHeader readHeader(RlpReader in) throws RlpException {
        return readHeaderFields(in.readList());
    }

    /** Writes a block as an item of a list. */
    public static void writeTo(RlpWriter out, Block block) {
        out.nested(fields -> {
            writeHeader(fields, block.header());
            writeBodyFields(fields, block.body());
        });
    }

    public static void writeBody(RlpWriter out, BlockBody body) {
        out.nested(fields -> writeBodyFields(fields, body));
    }

    public static BlockBody readBody(RlpReader in) throws RlpException {
        return readBodyFields(in.readList());
    }

    /** What the ommers hash of a header is the hash of. */
    public static Bytes encodeOmmers(List<BlockHeader> ommers) {
        return RlpWriter.list(out -> ommers.forEach(ommer -> writeHeader(out, ommer)));
    }

    /** The value of a withdrawals trie (EIP-4895). */
    public static Bytes encodeWithdrawal(Withdrawal withdrawal) {
        return RlpWriter.list(out -> writeWithdrawalFields(out, withdrawal));
    }

    private static Block readBlockFields(RlpReader in) throws RlpException {
        BlockHeader header = readHeader(in);
        return new Block(header, readBodyFields(in));
    }

    private static void writeHeaderFields(RlpWriter out, BlockHeader header) {
        out.hash(header.parentHash());
        out.hash(header.ommersHash());
        out.address(header.coinbase());
        out.hash(header.stateRoot());
        out.hash(header.transactionsRoot());
        out.hash(header.receiptsRoot());
        out.bytes(header.logsBloom());
        out.scalar(header.difficulty());
        out.scalar(header.number());
        out.scalar(header.gasLimit());
        out.scalar(header.gasUsed());
        out.scalar(header.timestamp());
        out.bytes(header.extraData());
        out.hash(header.mixHash());
        out.bytes(header.nonce());
        header.baseFee().ifPresent(out::scalar);
        header.withdrawalsRoot().ifPresent(out::hash);
        header.blobGasUsed().ifPresent(out::scalar);
        header.excessBlobGas().ifPresent(out::scalar);
        header.parentBeaconBlockRoot().ifPresent(out::hash);
        header.requestsHash().ifPresent(out::hash);
    }

    private static BlockHeader readHeaderFields(RlpReader in) throws RlpException {
        Hash parentHash = in.readHash();
        Hash ommersHash = in.readHash();
        Address coinbase = in.readAddress();
        Hash stateRoot = in.readHash();
        Hash transactionsRoot = in.readHash();
        Hash receiptsRoot = in.readHash();
        Bytes logsBloom = in.readBytes(BlockHeader.BLOOM_SIZE);
        UInt256 difficulty = in.readUInt256();
        long number = in.readLong();
        long gasLimit = in.readLong();
        long gasUsed = in.readLong();
        long timestamp = in.readUnsignedLong();
        Bytes extraData = in.readBytes();
        Hash mixHash = in.readHash();
        Bytes nonce = in.readBytes(BlockHeader.NONCE_SIZE);
        Optional<Wei> baseFee = optional(in, RlpReader::readWei);
        Optional<Hash> withdrawalsRoot = optional(in, RlpReader::readHash);
        Optional<Long> blobGasUsed = optional(in, RlpReader::readLong);
        Optional<Long> excessBlobGas = optional(in, RlpReader::readLong);
        Optional<Hash> parentBeaconBlockRoot = optional(in, RlpReader::readHash);
        Optional<Hash> requestsHash = optional(in, RlpReader::readHash);
        in.end();
        return new BlockHeader(
                parentHash,
                ommersHash,
                coinbase,
                stateRoot,
                transactionsRoot,
                receiptsRoot,
                logsBloom,
                difficulty,
                number,
                gasLimit,
                gasUsed,
                timestamp,
                extraData,
                mixHash,
                nonce,
                baseFee,
                withdrawalsRoot,
                blobGasUsed,
                excessBlobGas,
                parentBeaconBlockRoot,
                requestsHash);
    }

    private static <T> Optional<T> optional(RlpReader in, RlpReader.Element<T> element) throws RlpException {
        return in.hasNext() ? Optional.of(element.read(in)) : Optional.empty();
    }

    private static void writeBodyFields(RlpWriter out, BlockBody body) {
        out.nested(body.transactions(), TransactionCodec::writeTo);
        out.nested(body.ommers(), BlockCodec::writeHeader);
        body.withdrawals()
                .ifPresent(withdrawals -> out.nested(
                        withdrawals,
                        (items, withdrawal) -> items.nested(fields -> writeWithdrawalFields(fields, withdrawal))));
    }

    private static BlockBody readBodyFields(RlpReader in) throws RlpException {
        List<Transaction> transactions = in.readList(TransactionCodec::readFrom);
        List<BlockHeader> ommers = in.readList(BlockCodec::readHeader);
        Optional<List<Withdrawal>> withdrawals = optional(in, fields -> fields.readList(BlockCodec::readWithdrawal));
        in.end();
        return new BlockBody(transactions, ommers, withdrawals);
    }

    private static void writeWithdrawalFields(RlpWriter out, Withdrawal withdrawal) {
        out.scalar(withdrawal.index());
        out.scalar(withdrawal.validatorIndex());
        out.address(withdrawal.address());
        out.scalar(withdrawal.amount());
    }

    private static Withdrawal readWithdrawal(RlpReader in) throws RlpException {
        RlpReader fields = in.readList();
        Withdrawal withdrawal = new Withdrawal(
                fields.readUnsignedLong(), fields.readUnsignedLong(), fields.readAddress(), fields.readUnsignedLong());
        fields.end();
        return withdrawal;
    }
}
