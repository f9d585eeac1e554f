package io.engram.genesis.config;

import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.block.Requests;
import io.engram.genesis.fork.Fork;
import java.util.List;
import java.util.Optional;

/** Block 0 of a chain, from its genesis file and the root of {@link GenesisFile#accounts}. */
public final class GenesisBlock {

    private GenesisBlock() {}

    /** @throws InvalidGenesisException when extra data and rules do not go together */
    public static Block of(GenesisFile file, Hash stateRoot) throws InvalidGenesisException {
        boolean hasWithdrawals = fork(file).isAtLeast(Fork.SHANGHAI);
        return new Block(
                header(file, stateRoot),
                new BlockBody(List.of(), List.of(), hasWithdrawals ? Optional.of(List.of()) : Optional.empty()));
    }

    /** @throws InvalidGenesisException when extra data and rules do not go together */
    public static BlockHeader header(GenesisFile file, Hash stateRoot) throws InvalidGenesisException {
        file.check();
        Fork fork = fork(file);
        return new BlockHeader(
                file.parentHash(),
                Hash.EMPTY_LIST,
                file.coinbase(),
                stateRoot,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                LogsBloom.EMPTY,
                file.difficulty(),
                0,
                file.gasLimit(),
                file.gasUsed(),
                file.timestamp(),
                file.extraData(),
                file.mixHash(),
                file.nonce(),
                since(fork, Fork.LONDON, baseFee(file)),
                since(fork, Fork.SHANGHAI, Hash.EMPTY_TRIE),
                since(fork, Fork.CANCUN, file.blobGasUsed()),
                since(fork, Fork.CANCUN, file.excessBlobGas()),
                since(fork, Fork.CANCUN, Hash.ZERO),
                since(fork, Fork.PRAGUE, Requests.EMPTY_HASH));
    }

    private static Fork fork(GenesisFile file) {
        return file.config().forks().at(0, file.timestamp());
    }

    private static Wei baseFee(GenesisFile file) {
        return file.baseFee().orElse(file.config().baseFee().initial());
    }

    private static <T> Optional<T> since(Fork active, Fork first, T value) {
        return active.isAtLeast(first) ? Optional.of(value) : Optional.empty();
    }
}
