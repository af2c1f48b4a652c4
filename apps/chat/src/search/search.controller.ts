import { Controller, Get, Param, Query } from '@nestjs/common';
import { params, SearchQuery, type SearchResult, type WorkspaceId } from '#contracts';
import { Caller, type Principal } from '#platform';
import { SearchService } from './search.service.js';

@Controller('workspaces/:workspaceId/search')
export class SearchController {
  constructor(private readonly service: SearchService) {}

  @Get()
  search(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: { workspaceId: WorkspaceId },
    @Query({ schema: SearchQuery }) query: SearchQuery,
  ): Promise<SearchResult> {
    return this.service.search(caller, workspaceId, query);
  }
}
