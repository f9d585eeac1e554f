package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.qbft.Qbft;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Plain headers to test rules with. */
public final class QbftHeaders {

    private QbftHeaders() {}

    public static BlockHeader header(long number, long timestamp, Address coinbase, ValidatorSet validators) {
        QbftExtraData extra = new QbftExtraData(Hash.ZERO, validators.addresses(), Optional.empty(), 0, List.of());
        return new BlockHeader(
                Hash.ZERO,
                Hash.EMPTY_LIST,
                coinbase,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                LogsBloom.EMPTY,
                UInt256.ONE,
                number,
                30_000_000,
                0,
                timestamp,
                QbftExtraDataCodec.encode(extra),
                Qbft.MIX_HASH,
                Bytes.wrap(new byte[8]),
                Optional.of(Wei.of(7)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public static Block block(BlockHeader header) {
        return block(header, 0);
    }

    /** A block with some transactions, of which only the number matters. */
    public static Block block(BlockHeader header, int transactions) {
        Transaction any = UnsignedTransaction.of(TransactionType.LEGACY)
                .gasLimit(21_000)
                .to(Address.ZERO)
                .sign(SigningKey.of(9).keys());
        return new Block(header, new BlockBody(Collections.nCopies(transactions, any), List.of(), Optional.empty()));
    }
}
