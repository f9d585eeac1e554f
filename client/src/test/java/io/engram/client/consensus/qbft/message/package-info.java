@NullMarked
package io.engram.client.consensus.qbft.message;

import org.jspecify.annotations.NullMarked;
