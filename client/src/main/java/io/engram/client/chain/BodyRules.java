package io.engram.client.chain;

import io.engram.client.trie.OrderedTrie;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Withdrawal;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.transaction.Transaction;
import java.util.List;
import java.util.Optional;

/** That a body is the one its header commits to, and what may be in it. Stateless. */
public final class BodyRules {

    /** EIP-7934. */
    static final int MAX_BLOCK_BYTES = 10 * 1_024 * 1_024 - 2 * 1_024 * 1_024;

    /** What a block that this node makes holds of transactions, so that header and the rest fit as well. */
    static final int MAX_TRANSACTION_BYTES = MAX_BLOCK_BYTES - 4_096;

    private BodyRules() {}

    /** Whether the header commits to this body; {@link #check} gives the reason when not. */
    public static boolean belongs(BlockHeader header, BlockBody body) {
        return header.transactionsRoot().equals(transactionsRoot(body.transactions()))
                && header.ommersHash().equals(Keccak256.hash(BlockCodec.encodeOmmers(body.ommers())))
                && header.withdrawalsRoot().equals(body.withdrawals().map(BodyRules::withdrawalsRoot));
    }

    static void check(Block block, BlockRules rules) throws InvalidBlockException {
        BlockHeader header = block.header();
        BlockBody body = block.body();
        if (rules.fork().isAtLeast(Fork.OSAKA)) {
            int size = BlockCodec.encode(block).size();
            if (size > MAX_BLOCK_BYTES) {
                throw new InvalidBlockException(
                        "the block has " + size + " bytes, expected at most " + MAX_BLOCK_BYTES + " (EIP-7934)");
            }
        }
        Hash transactionsRoot = transactionsRoot(body.transactions());
        if (!header.transactionsRoot().equals(transactionsRoot)) {
            throw InvalidBlockException.mismatch("transactions root", header.transactionsRoot(), transactionsRoot);
        }
        Hash ommersHash = Keccak256.hash(BlockCodec.encodeOmmers(body.ommers()));
        if (!header.ommersHash().equals(ommersHash)) {
            throw InvalidBlockException.mismatch("ommers hash", header.ommersHash(), ommersHash);
        }
        if (!rules.isProofOfWork() && !body.ommers().isEmpty()) {
            throw InvalidBlockException.mismatch(
                    "number of ommers", body.ommers().size(), 0);
        }
        Optional<Hash> withdrawalsRoot = body.withdrawals().map(BodyRules::withdrawalsRoot);
        if (!header.withdrawalsRoot().equals(withdrawalsRoot)) {
            throw InvalidBlockException.mismatch(
                    "withdrawals root", text(header.withdrawalsRoot()), text(withdrawalsRoot));
        }
        int withdrawals = body.withdrawals().map(List::size).orElse(0);
        if (rules.isQbft() && withdrawals > 0) {
            throw InvalidBlockException.mismatch("number of withdrawals", withdrawals, "0 under QBFT");
        }
    }

    static Hash transactionsRoot(List<Transaction> transactions) {
        return OrderedTrie.root(transactions.stream().map(Transaction::encoded).toList());
    }

    static Hash withdrawalsRoot(List<Withdrawal> withdrawals) {
        return OrderedTrie.root(
                withdrawals.stream().map(BlockCodec::encodeWithdrawal).toList());
    }

    private static String text(Optional<Hash> root) {
        return root.map(Hash::toHex).orElse("absent");
    }
}
