package io.engram.client.consensus.validator;

import io.engram.client.consensus.ChainHeaders;
import io.engram.client.consensus.ValidatorProvider;
import io.engram.client.consensus.ValidatorSet;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.QbftConfig;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The validators of a QBFT chain: those that headers list, as votes in headers change them, or those that a contract
 * names; and what the genesis file's transitions say. At each epoch block open votes are dropped, so that the tally can be
 * rebuilt from that block. Thread-safe.
 */
public final class HeaderValidators implements ValidatorProvider {

    /** Blocks whose tally is remembered. */
    static final int REMEMBERED = 256;

    private final QbftConfig config;
    private final ChainHeaders headers;
    private final ValidatorContract contract;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Hash, VoteTally> tallies = new LinkedHashMap<>();

    /** Headers asked about, which need not be stored yet: sync checks a batch, one after another, before it imports it. */
    private final Map<Hash, BlockHeader> asked = new LinkedHashMap<>();

    public HeaderValidators(QbftConfig config, ChainHeaders headers, ValidatorContract contract) {
        this.config = config;
        this.headers = headers;
        this.contract = contract;
    }

    @Override
    public ValidatorSet after(BlockHeader parent) {
        Optional<Address> named = config.after(parent).validatorContract();
        if (named.isPresent()) {
            return new ValidatorSet(contract.validators(named.get(), parent));
        }
        lock.lock();
        try {
            return new ValidatorSet(tallyAfter(parent).validators());
        } finally {
            lock.unlock();
        }
    }

    /** Goes back to the last block whose tally is certain, and counts the votes since. */
    private VoteTally tallyAfter(BlockHeader block) {
        Deque<Counted> since = new ArrayDeque<>();
        Hash hash = QbftHasher.INSTANCE.hash(block);
        BlockHeader at = block;
        asked.put(hash, block);
        trim(asked);
        Optional<VoteTally> certain = certain(at, hash);
        while (certain.isEmpty()) {
            since.push(new Counted(at, hash));
            hash = at.parentHash();
            at = parent(at);
            certain = certain(at, hash);
        }
        VoteTally tally = certain.get();
        remember(hash, tally);
        for (Counted next : since) {
            Optional<QbftExtraData.Vote> vote = extraData(next.header()).vote();
            Address voter = next.header().coinbase();
            VoteTally before = tally;
            tally = vote.map(cast -> before.after(voter, cast)).orElse(before);
            remember(next.hash(), tally);
        }
        return tally;
    }

    private record Counted(BlockHeader header, Hash hash) {}

    /** The tally after a block for which no earlier one is needed. */
    private Optional<VoteTally> certain(BlockHeader block, Hash hash) {
        Optional<VoteTally> known = Optional.ofNullable(tallies.get(hash));
        if (known.isPresent()) {
            return known;
        }
        if (!config.transitions().isEmpty() && block.number() > 0) {
            BlockHeader before = parent(block);
            Optional<List<Address>> override = config.validatorOverride(block, Optional.of(before));
            if (override.isPresent()) {
                return override.map(VoteTally::of);
            }
            Optional<Address> until = config.after(before).validatorContract();
            if (until.isPresent()) {
                return Optional.of(VoteTally.of(contract.validators(until.get(), block)));
            }
        } else {
            Optional<List<Address>> override = config.validatorOverride(block, Optional.empty());
            if (override.isPresent()) {
                return override.map(VoteTally::of);
            }
        }
        boolean epoch = block.number() % config.epochLength() == 0;
        return epoch ? Optional.of(VoteTally.of(extraData(block).validators())) : Optional.empty();
    }

    private BlockHeader parent(BlockHeader block) {
        return Optional.ofNullable(asked.get(block.parentHash()))
                .or(() -> headers.header(block.parentHash()))
                .orElseThrow(() -> new LocalFaultException(
                        "header " + block.parentHash() + ", needed to count votes on validators, is not here"));
    }

    private void remember(Hash hash, VoteTally tally) {
        tallies.put(hash, tally);
        trim(tallies);
    }

    private static void trim(Map<Hash, ?> remembered) {
        if (remembered.size() > REMEMBERED) {
            remembered.remove(remembered.keySet().iterator().next());
        }
    }

    private static QbftExtraData extraData(BlockHeader header) {
        try {
            return QbftExtraDataCodec.decode(header.extraData());
        } catch (RlpException e) {
            throw new IllegalArgumentException("block " + header.number() + " has no QBFT extra data", e);
        }
    }
}
