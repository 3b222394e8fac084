ASSERT true
