import { useMutation, useQueryClient } from '@tanstack/react-query'

import { answerQuestions, fileQuery, templatesQuery, type FileAnswers } from '@/api/files'
import type { FileOut } from '@/api/generated'

/** Answer questions of a file, change a column, or take answers back: the file is then read again, and what was said is kept by its header. */
export function useAnswers(file: FileOut, onError?: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (answers: FileAnswers) => answerQuestions(file.id, answers),
    onSuccess: (read) => {
      queries.setQueryData(fileQuery(file.id).queryKey, read)
      void queries.invalidateQueries({ queryKey: templatesQuery(file.project_id).queryKey })
    },
    onError,
  })
}
